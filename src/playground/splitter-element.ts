/** `<playground-splitter>`: a line between two panes, moved with the pointer or the arrow keys. */
import { css, LitElement } from 'lit';
import { themeStyles } from '../theme/theme';

const STEP_PX = 16;

/** `glovebox-resize`: a `CustomEvent<number>`, the width that the pane should have in pixels. */
export class PlaygroundSplitter extends LitElement {
  static override styles = [
    themeStyles,
    css`
      :host {
        position: relative;
        z-index: 5;
        flex: none;
        width: 1px;
        background: var(--_border);
        cursor: col-resize;
        touch-action: none;
      }

      :host::after {
        position: absolute;
        inset: 0 -4px;
        content: '';
      }

      :host(:hover),
      :host(:focus-visible) {
        outline: 2px solid var(--_accent);
        outline-offset: 0;
      }
    `,
  ];

  static override properties = {
    value: { type: Number },
    min: { type: Number },
    max: { type: Number },
    /** Whether the pane lies behind the line. */
    behind: { type: Boolean },
    theme: { reflect: true },
  };

  declare value: number;
  declare min: number;
  declare max: number;
  declare behind: boolean;
  declare theme: string | null;

  constructor() {
    super();
    this.value = 0;
    this.min = 120;
    this.max = 800;
    this.behind = false;
    this.addEventListener('keydown', (event) => this.#onKey(event));
    this.addEventListener('pointerdown', (event) => this.#onDown(event));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute('role', 'separator');
    this.setAttribute('aria-orientation', 'vertical');
    this.tabIndex = 0;
  }

  protected override updated(): void {
    for (const name of ['value', 'min', 'max'] as const) {
      this.setAttribute(
        name === 'value' ? 'aria-valuenow' : `aria-value${name}`,
        String(this[name]),
      );
    }
  }

  #onKey(event: KeyboardEvent): void {
    const towards = this.behind ? -STEP_PX : STEP_PX;
    const next = {
      ArrowRight: this.value + towards,
      ArrowLeft: this.value - towards,
      Home: this.min,
      End: this.max,
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    this.#tell(next);
  }

  #onDown(event: PointerEvent): void {
    const { clientX, pointerId } = event;
    const from = this.value;
    this.setPointerCapture(pointerId);
    const move = (moved: PointerEvent): void => {
      const by = moved.clientX - clientX;
      this.#tell(from + (this.behind ? -by : by));
    };
    this.addEventListener('pointermove', move);
    this.addEventListener(
      'lostpointercapture',
      () => this.removeEventListener('pointermove', move),
      {
        once: true,
      },
    );
  }

  #tell(value: number): void {
    const detail = Math.round(Math.min(Math.max(value, this.min), this.max));
    this.dispatchEvent(new CustomEvent<number>('glovebox-resize', { detail }));
  }
}
