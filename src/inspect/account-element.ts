/** `<glovebox-account>`: a sandbox's host calls as they are made. `glovebox-account.ts` defines it. */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { formatCallAsJson, toJsonLines } from '../controller/account-json';
import type { AccountedCall } from '../controller/accounted-call';
import type { Sandbox } from '../controller/sandbox';
import { formatCount } from '../terminal/units';
import { AccountFilters, type AccountView } from './account-filters';
import { accountStyles, ROW_HEIGHT } from './account-styles';
import {
  countsTemplate,
  detailTemplate,
  headTemplate,
  rowId,
  rowTemplate,
} from './account-templates';
import { CallList, indexOfCall } from './call-list';
import { copyText, saveFile } from './page-files';
import { type RowWindow, rowsInView, scrollToSee } from './row-window';
import { theme } from './theme';
import { UseSummary } from './use-summary';
import { VisiblePoll } from './visible-poll';

const MOST_CALLS = 100_000;
const POLL_MS = 250;
/** Of each frame, for filtering: the rest is the page's. */
const FILTER_MS = 6;
/** More than that is for a file. */
const MOST_COPIED = 10_000;

const VIEWS: readonly (readonly [AccountView, string])[] = [
  ['calls', 'Host calls'],
  ['uses', 'Capabilities'],
];

export class AccountElement extends LitElement {
  static override properties = { sandbox: { attribute: false } };
  static override styles = [theme, accountStyles];

  declare sandbox: Sandbox | undefined;

  readonly #summary = new UseSummary();
  readonly #list = new CallList(MOST_CALLS, (call) => this.#summary.add(call));
  readonly #filters = new AccountFilters(() => this.#filter());
  readonly #poll = new VisiblePoll(
    this,
    () => this.#pull(),
    () => POLL_MS,
  );
  #isPaused = false;
  #isFollowing = true;
  /** Number of the call that the keyboard is at. */
  #active: number | undefined;
  #detail: AccountedCall | undefined;
  #drawn: RowWindow = { first: 0, end: 0 };
  #said = '';
  #frame: number | undefined;
  readonly #resized = new ResizeObserver(() => this.requestUpdate());

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resized.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized.disconnect();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('sandbox')) return;
    this.#list.clear();
    this.#summary.clear();
    this.#active = this.#detail = undefined;
    this.#poll.now();
  }

  override render(): TemplateResult {
    const { view } = this.#filters;
    return html`
      <div class="bar">
        <div class="tabs" role="tablist" aria-label="What to show" @keydown=${this.#onTabKey}>
          ${VIEWS.map(([key, label]) => this.#tabTemplate(key, label))}
        </div>
        <span class="rest"></span>
        <button type="button" aria-pressed=${this.#isPaused} @click=${this.#togglePause}>
          Pause
        </button>
        <button type="button" aria-pressed=${this.#isFollowing} @click=${this.#toggleFollow}>
          Follow
        </button>
        <button type="button" @click=${this.#copyShown}>Copy</button>
        <button type="button" @click=${this.#download}>Download</button>
      </div>
      <div class="panel" role="tabpanel" id="panel" aria-labelledby="tab-${view}"
        @keydown=${this.#onEscape}
      >
        ${this.#filters.template()} ${view === 'uses' ? countsTemplate(this.#summary.counts) : nothing}
        ${this.#listTemplate()}
        ${
          this.#detail === undefined
            ? nothing
            : detailTemplate(this.#detail, { copy: this.#copyDetail, close: this.#closeDetail })
        }
      </div>
    `;
  }

  override updated(): void {
    const list = this.#scroller;
    if (list === undefined) return;
    const rows = this.#list.wanted.length;
    // Through the style's own object, which a page's policy on styles allows.
    const { first, end } = this.#drawn;
    for (const [name, height] of [
      ['.above', first * ROW_HEIGHT],
      ['.below', (rows - end) * ROW_HEIGHT],
    ] as const) {
      list.querySelector<HTMLElement>(name)?.style.setProperty('height', `${height}px`);
    }
    if (this.#isFollowing && !this.#isPaused) list.scrollTop = list.scrollHeight;
  }

  get #scroller(): HTMLElement | undefined {
    return this.renderRoot.querySelector<HTMLElement>('.list') ?? undefined;
  }

  #window(): RowWindow {
    const { wanted } = this.#list;
    const { scrollTop, clientHeight } = this.#scroller ?? { scrollTop: 0, clientHeight: 0 };
    const rows = wanted.length;
    const follows = this.#isFollowing && !this.#isPaused;
    const bottom = Math.max(0, (rows + 1) * ROW_HEIGHT - clientHeight);
    // Fewer rows than there were: where the list still is, there is none any more.
    const top = follows ? bottom : Math.min(scrollTop, bottom);
    return rowsInView(top, clientHeight, ROW_HEIGHT, rows);
  }

  #tabTemplate(view: AccountView, label: string): TemplateResult {
    const isSelected = view === this.#filters.view;
    return html`<button
      type="button"
      role="tab"
      id="tab-${view}"
      aria-selected=${isSelected}
      aria-controls="panel"
      tabindex=${isSelected ? 0 : -1}
      @click=${() => this.#show(view)}
    >
      ${label}
    </button>`;
  }

  #listTemplate(): TemplateResult {
    const { wanted, calls, isSettled } = this.#list;
    const { first, end } = this.#window();
    // Asking again before the heights fit would have the engine scroll to where they fitted.
    this.#drawn = { first, end };
    const rows = wanted.slice(first, end);
    const drawn = rows.find(({ number }) => number === this.#active);
    const count = `${formatCount(wanted.length)} of ${formatCount(calls.length)} calls kept`;
    return html`
      <div
        class="list"
        role="grid"
        tabindex="0"
        aria-label="${this.#filters.view === 'uses' ? 'Uses of capabilities' : 'Host calls'}, ${count}"
        aria-rowcount=${wanted.length + 1}
        aria-activedescendant=${drawn === undefined ? nothing : rowId(drawn)}
        @scroll=${this.#onScroll}
        @keydown=${this.#onKey}
        @click=${this.#onClick}
      >
        ${headTemplate}
        <div class="above" role="presentation"></div>
        ${repeat(
          rows,
          ({ number }) => number,
          (call, index) => rowTemplate(call, first + index, this.#active),
        )}
        <div class="below" role="presentation"></div>
      </div>
      <div class="bar">
        <span>${count}${isSettled ? '' : ', still looking …'}</span>
        <span role="status">${this.#said}</span>
      </div>
    `;
  }

  #pull(): void {
    if (this.sandbox === undefined || this.#isPaused) return;
    if (this.#list.pull(this.sandbox)) this.#advance();
  }

  #show(view: AccountView): void {
    // The call may be none of those that are shown then.
    this.#detail = undefined;
    this.#filters.show(view);
  }

  #filter(): void {
    this.#list.filter(this.#filters.filter);
    this.#advance();
  }

  /** A part at once, the rest in the frames to come. */
  #advance(): void {
    this.#list.advance(FILTER_MS);
    this.requestUpdate();
    if (this.#list.isSettled || this.#frame !== undefined) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = undefined;
      if (this.isConnected) this.#advance();
    });
  }

  readonly #togglePause = (): void => {
    this.#isPaused = !this.#isPaused;
    this.requestUpdate();
    this.#poll.now();
  };

  readonly #toggleFollow = (): void => {
    this.#isFollowing = !this.#isFollowing;
    this.requestUpdate();
  };

  readonly #onScroll = (): void => {
    const list = this.#scroller;
    // Who scrolls up wants to read.
    if (list !== undefined && this.#isFollowing && !this.#isPaused) {
      const below = list.scrollHeight - list.clientHeight - list.scrollTop;
      if (below > 2 * ROW_HEIGHT) this.#isFollowing = false;
    }
    this.requestUpdate();
  };

  readonly #onClick = (event: MouseEvent): void => {
    const row = event
      .composedPath()
      .find((target) => target instanceof HTMLElement && target.dataset.number);
    if (!(row instanceof HTMLElement)) return;
    this.#active = Number(row.dataset.number);
    this.#openDetail();
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    const { wanted } = this.#list;
    if (wanted.length === 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      this.#openDetail();
      return;
    }
    const page = Math.max(1, Math.floor((this.#scroller?.clientHeight ?? 0) / ROW_HEIGHT) - 2);
    const steps: Record<string, number> = {
      ArrowUp: -1,
      ArrowDown: 1,
      PageUp: -page,
      PageDown: page,
      Home: -wanted.length,
      End: wanted.length,
    };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const at = this.#active === undefined ? undefined : indexOfCall(wanted, this.#active);
    const from = at ?? (step < 0 ? wanted.length : -1);
    this.#moveTo(Math.min(wanted.length - 1, Math.max(0, from + step)));
  };

  readonly #onEscape = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') this.#closeDetail();
  };

  #moveTo(index: number): void {
    const list = this.#scroller;
    this.#active = this.#list.wanted[index]?.number;
    this.#isFollowing = false;
    if (list !== undefined) {
      // The head covers the first line of the view.
      const { scrollTop, clientHeight } = list;
      list.scrollTop = scrollToSee(index, scrollTop, clientHeight - ROW_HEIGHT, ROW_HEIGHT);
    }
    this.requestUpdate();
  }

  #openDetail(): void {
    const { wanted } = this.#list;
    const index = this.#active === undefined ? undefined : indexOfCall(wanted, this.#active);
    if (index === undefined) return;
    this.#detail = wanted[index];
    this.#isFollowing = false;
    this.requestUpdate();
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector<HTMLElement>('.detail')?.focus({ preventScroll: true }),
    );
  }

  readonly #closeDetail = (): void => {
    if (this.#detail === undefined) return;
    this.#detail = undefined;
    this.requestUpdate();
    this.#scroller?.focus();
  };

  readonly #onTabKey = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    event.preventDefault();
    this.#show(this.#filters.view === 'calls' ? 'uses' : 'calls');
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector<HTMLElement>('[role=tab][aria-selected=true]')?.focus(),
    );
  };

  readonly #copyDetail = (): void => {
    if (this.#detail !== undefined) void this.#copy(formatCallAsJson(this.#detail), 1);
  };

  readonly #copyShown = (): void => {
    const calls = this.#list.wanted.slice(-MOST_COPIED);
    void this.#copy(toJsonLines(calls), calls.length);
  };

  async #copy(text: string, calls: number): Promise<void> {
    const done = await copyText(text);
    this.#say(done ? `Copied ${formatCount(calls)}` : 'The browser did not allow to copy');
  }

  readonly #download = (): void => {
    saveFile('host-calls.jsonl', 'application/jsonl', [toJsonLines(this.#list.wanted)]);
    this.#say(`Saved ${formatCount(this.#list.wanted.length)}`);
  };

  #say(text: string): void {
    this.#said = text;
    this.requestUpdate();
  }
}
