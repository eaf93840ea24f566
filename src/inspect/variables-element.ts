/** `<glovebox-variables>`: what the program's names stand for. `glovebox-variables.ts` defines it. */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Sandbox } from '../controller/sandbox';
import { BusyError, DisposedError, EndedError, GloveboxError } from '../errors';
import { theme } from './theme';
import { askFor, readVariables, type VariableNode } from './variable-nodes';
import { type VariableRow, VariableTree } from './variable-tree';
import { variablesStyles } from './variables-styles';
import { headTemplate, rowId, rowTemplate } from './variables-templates';
import { VisiblePoll } from './visible-poll';

const POLL_MS = 1000;

export class VariablesElement extends LitElement {
  static override properties = { sandbox: { attribute: false } };
  static override styles = [theme, variablesStyles];

  declare sandbox: Sandbox | undefined;

  readonly #tree = new VariableTree();
  readonly #poll = new VisiblePoll(
    this,
    () => this.#follow(),
    () => POLL_MS,
  );
  #withAll = false;
  #problem = '';
  #active: string | undefined;
  #asking: Promise<void> | undefined;
  /** Whether somebody asked again while the guest was asked. */
  #askAgain = false;
  /** What runs had taken when the guest was looked at last: something else tells of another run, or another guest. */
  #seen = '';
  /** Who is asked: what another guest answers late is not shown. */
  #asked: Sandbox | undefined;

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('sandbox')) return;
    this.#tree.forget();
    this.#problem = '';
    this.#seen = '';
    this.#poll.now();
  }

  /** Asks the program at once, or as soon as what runs is over; a page does it after each run. Never rejects. */
  refresh(): Promise<void> {
    return this.#ask();
  }

  override render(): TemplateResult {
    const rows = this.#rows;
    const active = rows.find(({ key }) => key === this.#active);
    return html`
      <div class="bar">
        <label class="check">
          <input type="checkbox" .checked=${this.#withAll} @change=${this.#onAll} />
          functions, classes and modules
        </label>
        <span class="rest"></span>
        <button type="button" @click=${() => void this.refresh()}>Refresh</button>
      </div>
      <p class="message error" role="status">${this.#problem}</p>
      ${
        rows.length === 0
          ? html`<p class="empty">${this.#emptyText}</p>`
          : html`<div
              class="list"
              role="treegrid"
              aria-label="Variables"
              tabindex="0"
              aria-activedescendant=${active === undefined ? nothing : rowId(active)}
              @keydown=${this.#onKey}
              @click=${this.#onClick}
            >
              ${headTemplate}
              ${repeat(
                rows,
                ({ key }) => key,
                (row) => rowTemplate(row, row.key === this.#active),
              )}
            </div>`
      }
    `;
  }

  override updated(): void {
    for (const element of this.renderRoot.querySelectorAll<HTMLElement>('[data-level]')) {
      element.style.setProperty('--level', String(Number(element.dataset.level) - 1));
    }
  }

  get #emptyText(): string {
    if (this.sandbox === undefined) return 'No Python is running.';
    return this.#tree.variables === undefined
      ? 'Not looked at yet.'
      : 'No variables yet: run a program that makes some.';
  }

  get #rows(): readonly VariableRow[] {
    return this.#tree.rows(({ kind }: VariableNode) => this.#withAll || kind === 'value');
  }

  #follow(): void {
    const { sandbox } = this;
    if (sandbox === undefined || sandbox.running) return;
    if (!sandbox.alive) this.#forget();
    else if (timesOf(sandbox) !== this.#seen) void this.#ask();
  }

  #forget(): void {
    if (this.#tree.variables === undefined) return;
    this.#tree.forget();
    this.requestUpdate();
  }

  #ask(): Promise<void> {
    if (this.#asking !== undefined && this.#asked === this.sandbox) {
      this.#askAgain = true;
      return this.#asking;
    }
    const { sandbox } = this;
    if (sandbox === undefined) return Promise.resolve();
    this.#asked = sandbox;
    const asking = this.#askUntilDone(sandbox).finally(() => {
      if (this.#asking === asking) this.#asking = undefined;
    });
    this.#asking = asking;
    return asking;
  }

  async #askUntilDone(sandbox: Sandbox): Promise<void> {
    do {
      this.#askAgain = false;
      // Whoever asks, and how often: only a run makes something new.
      const isNew = timesOf(sandbox) !== this.#seen;
      const problem = await this.#look(sandbox, isNew);
      if (sandbox !== this.sandbox) return;
      this.#problem = problem;
      this.#seen = timesOf(sandbox);
      this.requestUpdate();
    } while (this.#askAgain);
  }

  /** What went wrong, in words; nothing where all is well. */
  async #look(sandbox: Sandbox, isNew: boolean): Promise<string> {
    try {
      const answer = await sandbox.evaluate(askFor(this.#tree.wanted), { aside: true });
      if (sandbox !== this.sandbox) return '';
      const variables = readVariables(answer);
      if (variables === undefined) return 'The program has changed what tells of its variables.';
      this.#tree.take(variables, isNew);
      return '';
    } catch (error) {
      if (error instanceof EndedError) this.#tree.forget();
      // None of them is worth a word: whoever ended it, or starts it anew, knows.
      if (error instanceof EndedError || error instanceof DisposedError) return '';
      if (error instanceof BusyError) return '';
      if (error instanceof GloveboxError) {
        return 'The variables can not be read: the program stands in the way, or its limits are used up.';
      }
      throw error;
    }
  }

  readonly #onAll = (event: Event): void => {
    this.#withAll = event.target instanceof HTMLInputElement && event.target.checked;
    this.requestUpdate();
  };

  #toggle(row: VariableRow): void {
    this.#active = row.key;
    if (row.more !== undefined) this.#tree.showMore(row.path);
    else if (row.node?.opens === true) this.#tree.toggle(row.path);
    else return this.requestUpdate();
    this.requestUpdate();
    void this.#ask();
  }

  readonly #onClick = (event: MouseEvent): void => {
    const element = event
      .composedPath()
      .find((target) => target instanceof HTMLElement && target.dataset.key !== undefined);
    const key = element instanceof HTMLElement ? element.dataset.key : undefined;
    const row = this.#rows.find((one) => one.key === key);
    if (row !== undefined) this.#toggle(row);
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const rows = this.#rows;
    const at = rows.findIndex(({ key }) => key === this.#active);
    const row = rows[at];
    switch (event.key) {
      case 'ArrowDown':
        this.#moveTo(rows[Math.min(rows.length - 1, at + 1)]);
        break;
      case 'ArrowUp':
        this.#moveTo(rows[at < 0 ? rows.length - 1 : Math.max(0, at - 1)]);
        break;
      case 'Home':
        this.#moveTo(rows[0]);
        break;
      case 'End':
        this.#moveTo(rows.at(-1));
        break;
      case 'ArrowRight':
        if (row?.isOpen === false && row.more === undefined) this.#toggle(row);
        else if (row?.isOpen === true) this.#moveTo(rows[at + 1]);
        break;
      case 'ArrowLeft':
        if (row?.isOpen === true) this.#toggle(row);
        else
          this.#moveTo(rows.findLast((one, index) => index < at && one.level < (row?.level ?? 0)));
        break;
      case 'Enter':
      case ' ':
        if (row !== undefined) this.#toggle(row);
        break;
      default:
        return;
    }
    event.preventDefault();
  };

  #moveTo(row: VariableRow | undefined): void {
    if (row === undefined) return;
    this.#active = row.key;
    this.requestUpdate();
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector('.active')?.scrollIntoView({ block: 'nearest' }),
    );
  }
}

function timesOf({ usage }: Sandbox): string {
  return `${usage.lifetime.wallMs} ${usage.run.wallMs}`;
}
