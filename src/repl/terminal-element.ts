/** `<glovebox-terminal>`: the screen of a terminal, and in its place what has to be waited for before it is there. */
import xtermStyle from '@xterm/xterm/css/xterm.css?inline';
import { html, LitElement, nothing, type PropertyValues, unsafeCSS } from 'lit';
import { LateScreen } from '../terminal/late-screen';
import { Terminal } from '../terminal/terminal';
import { themeStyles } from '../theme/theme';
import { colorProbes, themeIn } from './terminal-colors';
import { terminalStyles } from './terminal-styles';
import type { XtermScreen } from './xterm-screen';

/** What is shown in the place of the screen. `retry`: offers another try. */
export type TerminalStatus =
  | { readonly loading: string }
  | { readonly failed: string; readonly retry?: () => void };

/** Those that the keyboard of a phone lacks: what is on them, what they are called, what a terminal sends for them. */
const PHONE_KEYS = [
  ['Tab', 'Tab', '\t'],
  ['↑', 'Up', '\u001b[A'],
  ['↓', 'Down', '\u001b[B'],
  ['←', 'Left', '\u001b[D'],
  ['→', 'Right', '\u001b[C'],
  ['Ctrl-C', 'Ctrl-C: interrupt', '\u0003'],
  ['Ctrl-D', 'Ctrl-D: end of input', '\u0004'],
] as const;

export class GloveboxTerminal extends LitElement {
  static override styles = [unsafeCSS(xtermStyle), themeStyles, terminalStyles];

  static override properties = {
    screenReader: { type: Boolean, attribute: 'screen-reader' },
    status: { attribute: false },
  };

  /** Whether lines are told to screen readers as they come. */
  declare screenReader: boolean;
  declare status: TerminalStatus | undefined;

  #screen: XtermScreen | undefined;
  #loading: Promise<XtermScreen> | undefined;
  #terminal: Terminal | undefined;

  constructor() {
    super();
    this.screenReader = false;
    this.status = undefined;
  }

  /** All that is to be read in it. */
  get text(): string {
    return this.#screen?.text ?? '';
  }

  /**
   * A terminal for another guest, on an empty screen: that of the guest before gets no more keys. The first time the
   * screen is loaded, which a guest need not wait for: `shown` tells when it is there, and rejects where that fails.
   */
  open(): { readonly terminal: Terminal; readonly shown: Promise<void> } {
    this.#loading ??= this.#load().catch((error: unknown) => {
      this.#loading = undefined;
      throw error;
    });
    const loading = this.#loading;
    const terminal = new Terminal(this.#screen ?? new LateScreen(loading));
    this.#terminal = terminal;
    return { terminal, shown: loading.then(() => terminal.clear()) };
  }

  /** Frees the screen: `open` makes another one. */
  close(): void {
    this.#screen?.dispose();
    this.#screen = this.#loading = this.#terminal = undefined;
  }

  override focus(): void {
    this.#screen?.focus();
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('screenReader') && this.#screen !== undefined) {
      this.#screen.screenReader = this.screenReader;
    }
  }

  override render() {
    return html`
      ${colorProbes(() => this.#recolor())}
      <div class="screen" part="screen"></div>
      <div class="keys" role="group" aria-label="Keys">
        ${PHONE_KEYS.map(
          ([label, name, keys]) => html`<button
            type="button"
            aria-label=${name}
            @pointerdown=${keepFocus}
            @click=${() => this.#terminal?.type(keys)}
          >
            ${label}
          </button>`,
        )}
      </div>
      ${this.#renderStatus()}
    `;
  }

  #renderStatus() {
    const { status } = this;
    if (status === undefined) return nothing;
    if ('loading' in status) {
      return html`<div class="status" role="status">
        <span>${status.loading}</span><progress aria-label=${status.loading}></progress>
      </div>`;
    }
    const { failed, retry } = status;
    return html`<div class="status failed" role="alert">
      <span>${failed}</span>
      ${retry && html`<button type="button" @click=${retry}>Try again</button>`}
    </div>`;
  }

  async #load(): Promise<XtermScreen> {
    const [{ XtermScreen }] = await Promise.all([import('./xterm-screen'), this.updateComplete]);
    const { shadowRoot } = this;
    const element = shadowRoot?.querySelector<HTMLElement>('.screen');
    if (shadowRoot === null || !element) throw new Error('the terminal has no place on the page');
    const { fontFamily, fontSize } = getComputedStyle(element);
    this.#screen = new XtermScreen(shadowRoot, element, {
      theme: themeIn(this.renderRoot),
      fontFamily,
      fontSize: Number.parseFloat(fontSize),
      screenReader: this.screenReader,
      onKeys: (keys) => this.#terminal?.type(keys),
      onResize: () => this.#terminal?.resize(),
    });
    return this.#screen;
  }

  #recolor(): void {
    if (this.#screen !== undefined) this.#screen.theme = themeIn(this.renderRoot);
  }
}

/** The keyboard of a phone goes away with the focus. */
function keepFocus(event: Event): void {
  event.preventDefault();
}
