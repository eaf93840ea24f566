/** `<glovebox-display>`: what the guests of a page show. Registered by `register.ts`. */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { repeat } from 'lit/directives/repeat.js';
import { themeStyles } from '../theme/theme';
import type { DisplayItem } from './content';
import { contentView } from './content-view';
import type { Display } from './display';
import { displayStyles } from './display-styles';
import { questionView } from './question-view';

export class DisplayElement extends LitElement {
  static override properties = { display: { attribute: false } };

  static override styles = [themeStyles, displayStyles];

  /** Whose things are shown. */
  declare display: Display | undefined;
  #stopListening: (() => void) | undefined;
  #asked: object | undefined;

  /** Takes away all that is shown. */
  clear(): void {
    this.display?.clear();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#follow();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopListening?.();
    this.#stopListening = undefined;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('display')) this.#follow();
  }

  /** A new question gets the keys, unless the user is writing somewhere else. */
  protected override updated(): void {
    const question = this.display?.questions[0];
    if (question === this.#asked) return;
    this.#asked = question;
    const active = document.activeElement;
    const isFree =
      active === null || active === document.body || active === this || !isField(active);
    if (question !== undefined && isFree) {
      this.renderRoot.querySelector<HTMLInputElement>('.question input')?.select();
    }
  }

  protected override render(): TemplateResult {
    const { items = [], dropped = 0, questions = [] } = this.display ?? {};
    return html`${dropped === 0 ? nothing : html`<p class="muted dropped">${gone(dropped)}</p>`}
      <div class="items" role="log" aria-label="What the program shows">
        ${repeat(items, ({ key }) => key, itemView)}
      </div>
      ${questionView(questions[0])}`;
  }

  #follow(): void {
    this.#stopListening?.();
    this.#stopListening = this.isConnected
      ? this.display?.listen(() => this.requestUpdate())
      : undefined;
    this.requestUpdate();
  }

  /** However much is shown, the page is made anew once in a frame. */
  protected override async scheduleUpdate(): Promise<void> {
    if (document.visibilityState === 'visible') {
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    super.scheduleUpdate();
  }
}

function itemView({ content }: DisplayItem): TemplateResult {
  return html`<div class="item">${guard([content], () => contentView(content))}</div>`;
}

function gone(count: number): string {
  return count === 1
    ? '1 earlier thing has made room.'
    : `${count.toLocaleString('en')} earlier things have made room.`;
}

function isField(element: Element): boolean {
  return (
    element.matches('input, textarea, select, [contenteditable]') || element.shadowRoot !== null
  );
}
