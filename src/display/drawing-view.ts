/** A canvas of a guest's on the page: paints it, at most once in a frame, and tells its program what the user does. */
import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import type { Drawing } from './drawing';
import type { CanvasEventKind } from './event-queue';
import { Painter, paintedDensity } from './painter';
import { pictureAddress } from './picture';

/** What is left to the page however much a program wants keys: to get away with, and to do what browsers do. */
const PAGE_KEYS = new Set(['Tab', 'Process', 'Dead', 'Unidentified']);
const LONGEST_KEY = 32;

export class DrawingView extends LitElement {
  static override properties = { drawing: { attribute: false } };

  static override styles = css`
    :host {
      display: block;
      max-width: 100%;
    }
    canvas {
      display: block;
      max-width: 100%;
      height: auto;
      border: 1px solid var(--_border);
      border-radius: 6px;
    }
    canvas:focus-visible {
      outline: 2px solid var(--_accent);
      outline-offset: 2px;
    }
    canvas.moves {
      touch-action: none;
    }
    p {
      margin: 4px 0 0;
      font: 13px var(--_font-ui);
      color: var(--_muted);
    }
    :host(:focus-within) p {
      visibility: hidden;
    }
  `;

  declare drawing: Drawing | undefined;
  #painter: Painter | undefined;
  #stopListening: (() => void) | undefined;
  #frame = 0;
  /** Painting takes no more than half of the time. */
  #paintAgainAt = 0;
  readonly #pictures = new Map<number, ImageBitmap | undefined>();
  #size = { width: 0, height: 0, density: 0 };

  override connectedCallback(): void {
    super.connectedCallback();
    this.#follow();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopListening?.();
    this.#stopListening = undefined;
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('drawing')) this.#follow();
  }

  protected override updated(): void {
    this.#schedule();
  }

  protected override render(): TemplateResult {
    const { title = '', watched = NOTHING } = this.drawing ?? {};
    return html`<canvas
        role="img"
        tabindex="0"
        class=${watched.moves ? 'moves' : ''}
        aria-label=${title || 'Drawing'}
        @pointerdown=${this.#onPointer}
        @pointerup=${this.#onPointer}
        @pointermove=${this.#onPointer}
        @contextmenu=${this.#onMenu}
        @keydown=${this.#onKey}
        @keyup=${this.#onKey}
      ></canvas>
      ${watched.keys ? html`<p>Click the drawing to play with the keyboard.</p>` : ''}`;
  }

  #follow(): void {
    this.#stopListening?.();
    this.#pictures.clear();
    const { drawing } = this;
    if (drawing === undefined || !this.isConnected) return;
    this.#painter = new Painter(drawing.scene, (number) => this.#pictures.get(number));
    this.#size = { width: 0, height: 0, density: 0 };
    let shown = '';
    this.#stopListening = drawing.listen({
      onChange: () => {
        const { title, watched } = drawing;
        const now = JSON.stringify([title, watched]);
        if (now !== shown) this.requestUpdate();
        shown = now;
        this.#schedule();
      },
      onFocus: () => this.#takeFocus(),
    });
    this.#schedule();
  }

  #schedule(): void {
    if (this.#frame !== 0 || !this.isConnected) return;
    const paint = (): void => {
      if (performance.now() < this.#paintAgainAt) {
        this.#frame = requestAnimationFrame(paint);
        return;
      }
      this.#frame = 0;
      const startedAt = performance.now();
      this.#paint();
      const endedAt = performance.now();
      this.#paintAgainAt = endedAt + (endedAt - startedAt);
    };
    this.#frame = requestAnimationFrame(paint);
  }

  #paint(): void {
    const { drawing } = this;
    const canvas = this.#canvas;
    const context = canvas?.getContext('2d');
    if (drawing === undefined || canvas === undefined || !context) return;
    const { width, height } = drawing;
    const density = paintedDensity(width, height, devicePixelRatio);
    const { width: widthBefore, height: heightBefore, density: densityBefore } = this.#size;
    if (width !== widthBefore || height !== heightBefore || density !== densityBefore) {
      this.#size = { width, height, density };
      canvas.width = Math.round(width * density);
      canvas.height = Math.round(height * density);
      canvas.style.width = `${width}px`;
      this.#painter?.forget();
    }
    this.#fetchPictures(drawing);
    this.#painter?.paint(context, this.#size);
  }

  #fetchPictures(drawing: Drawing): void {
    for (const [number, { format, bytes }] of drawing.pictures) {
      if (this.#pictures.has(number)) continue;
      this.#pictures.set(number, undefined);
      const image = new Image();
      image.src = pictureAddress(format, bytes);
      void image
        .decode()
        .then(() => createImageBitmap(image))
        .then((bitmap) => {
          this.#pictures.set(number, bitmap);
          this.#painter?.forget();
          this.#schedule();
        })
        // A picture that is damaged is not seen.
        .catch(() => undefined);
    }
  }

  get #canvas(): HTMLCanvasElement | undefined {
    return this.renderRoot.querySelector('canvas') ?? undefined;
  }

  /** Never from a field that the user writes in: what is typed there is not the program's. */
  #takeFocus(): void {
    if (!isWriting(document.activeElement)) this.#canvas?.focus({ preventScroll: true });
  }

  readonly #onPointer = (event: PointerEvent): void => {
    const { drawing } = this;
    if (drawing === undefined || !event.isPrimary) return;
    const { pointer, moves } = drawing.watched;
    if (event.type === 'pointermove') {
      const button = [1, 3, 2].find((_, bit) => event.buttons & (1 << bit));
      if (moves) this.#tell('motion', event, button === undefined ? '' : String(button));
      return;
    }
    if (!pointer) return;
    if (event.type === 'pointerdown') this.#canvas?.setPointerCapture(event.pointerId);
    const kind = event.type === 'pointerdown' ? 'press' : 'release';
    this.#tell(kind, event, String(event.button + 1));
  };

  readonly #onMenu = (event: Event): void => {
    if (this.drawing?.watched.pointer === true) event.preventDefault();
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    const { drawing } = this;
    const isPages = event.ctrlKey || event.metaKey || event.altKey || PAGE_KEYS.has(event.key);
    if (drawing?.watched.keys !== true || isPages) return;
    event.preventDefault();
    const kind: CanvasEventKind = event.type === 'keydown' ? 'keydown' : 'keyup';
    drawing.events.push([kind, 0, 0, event.key.slice(0, LONGEST_KEY)]);
  };

  /** Where on the drawing, whatever size it is shown in. */
  #tell(kind: CanvasEventKind, event: PointerEvent, detail: string): void {
    const canvas = this.#canvas;
    const { drawing } = this;
    if (canvas === undefined || drawing === undefined) return;
    const box = canvas.getBoundingClientRect();
    const [across, down] = [box.width - 2, box.height - 2];
    if (across <= 0 || down <= 0) return;
    const x = ((event.clientX - box.left - 1) * drawing.width) / across;
    const y = ((event.clientY - box.top - 1) * drawing.height) / down;
    drawing.events.push([kind, Math.round(x), Math.round(y), detail]);
  }
}

const NOTHING = { keys: false, pointer: false, moves: false };

/** The field may be inside of elements with a shadow of their own. */
function isWriting(active: Element | null): boolean {
  const inner = active?.shadowRoot?.activeElement;
  if (inner) return isWriting(inner);
  if (!(active instanceof HTMLElement)) return false;
  return active.isContentEditable || active.matches('input, textarea, select, iframe');
}
