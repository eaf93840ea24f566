/** `<playground-menu>`: a button with a list of actions below it. */
import { css, html, LitElement, nothing } from 'lit';
import { icon } from '../editor/icons';
import { buttonStyles, themeStyles } from '../theme/theme';

export interface MenuItem {
  readonly label: string;
  /** A second, quieter line. */
  readonly detail?: string;
  readonly checked?: boolean;
  readonly disabled?: boolean;
  /** Under a line, apart from the items before it. */
  readonly apart?: boolean;
  readonly action: () => void;
}

export class PlaygroundMenu extends LitElement {
  static override styles = [
    themeStyles,
    buttonStyles,
    css`
      :host {
        position: relative;
        display: inline-flex;
        min-width: 0;
        font: 13px / 1.4 var(--_font-ui);
      }

      .opener {
        min-width: 0;
        max-width: 100%;
        min-height: 2rem;
      }

      .opener span {
        overflow: hidden;
        text-overflow: ellipsis;
      }

      .items {
        position: absolute;
        top: calc(100% + 0.25rem);
        left: 0;
        z-index: 20;
        display: grid;
        width: max-content;
        min-width: 12rem;
        max-width: min(22rem, calc(100vw - 1rem));
        max-height: min(32rem, calc(100vh - 5rem));
        border: 1px solid var(--_border);
        border-radius: 0.5rem;
        padding: 0.25rem;
        background: var(--_surface);
        color: var(--_text);
        overflow-y: auto;
        box-shadow: 0 8px 28px rgb(0 0 0 / 18%);
      }

      :host([align='end']) .items {
        right: 0;
        left: auto;
      }

      .items button {
        display: grid;
        justify-content: start;
        justify-items: start;
        gap: 0;
        min-height: 2rem;
        border: 0;
        padding: 0.25rem 0.625rem 0.25rem 1.625rem;
        background: transparent;
        font-weight: 450;
        text-align: start;
        white-space: normal;
      }

      .items button:hover:enabled,
      .items button:focus-visible {
        background: var(--_selected);
      }

      .items button[aria-checked='true']::before {
        position: absolute;
        left: 0.875rem;
        content: '✓';
      }

      small {
        color: var(--_muted);
        font-size: 12px;
      }

      hr {
        width: 100%;
        margin: 0.25rem 0;
        border: 0;
        border-top: 1px solid var(--_border);
      }
    `,
  ];

  static override properties = {
    label: {},
    /** Read instead of the label where that is not plain enough. */
    name: {},
    items: { attribute: false },
    theme: { reflect: true },
  };

  declare label: string;
  declare name: string | null;
  declare items: readonly MenuItem[];
  declare theme: string | null;

  #open = false;

  constructor() {
    super();
    this.label = '';
    this.items = [];
    this.addEventListener('keydown', (event) => this.#onKey(event));
    this.addEventListener('focusout', ({ relatedTarget }) => {
      if (!(relatedTarget instanceof Node && this.contains(relatedTarget))) this.#show(false);
    });
  }

  override render() {
    return html`<button
        class="opener plain"
        aria-haspopup="menu"
        aria-expanded=${this.#open}
        aria-label=${this.name ?? this.label}
        @click=${() => this.#show(!this.#open)}
      >
        <span>${this.label}</span>${icon('down')}
      </button>
      ${
        this.#open
          ? html`<div class="items" role="menu" aria-label=${this.name ?? this.label}>
            ${this.items.map((item) => this.#renderItem(item))}
          </div>`
          : nothing
      }`;
  }

  #renderItem(item: MenuItem) {
    const { label, detail, checked, disabled = false, apart = false } = item;
    return html`${apart ? html`<hr role="separator" />` : nothing}<button
        role=${checked === undefined ? 'menuitem' : 'menuitemradio'}
        aria-checked=${checked ?? nothing}
        tabindex="-1"
        ?disabled=${disabled}
        @click=${() => this.#choose(item)}
      >
        ${label}${detail === undefined ? nothing : html`<small>${detail}</small>`}
      </button>`;
  }

  #choose({ action }: MenuItem): void {
    this.#show(false);
    this.renderRoot.querySelector<HTMLElement>('.opener')?.focus();
    action();
  }

  #show(open: boolean): void {
    if (this.#open === open) return;
    this.#open = open;
    this.requestUpdate();
    if (open) void this.updateComplete.then(() => this.#buttons()[0]?.focus());
  }

  #buttons(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>('.items button:enabled')];
  }

  #onKey(event: KeyboardEvent): void {
    const buttons = this.#buttons();
    const at = buttons.indexOf(this.shadowRoot?.activeElement as HTMLElement);
    if (!this.#open) {
      if (event.key === 'ArrowDown') this.#show(true);
      else return;
    } else if (event.key === 'Escape') {
      this.#show(false);
      this.renderRoot.querySelector<HTMLElement>('.opener')?.focus();
    } else {
      const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
      if (next === undefined) return;
      buttons.at(next % buttons.length)?.focus();
    }
    event.preventDefault();
  }
}
