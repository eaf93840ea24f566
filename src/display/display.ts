/** What guests show: the things in their order, bounded, for an element to show; and the capability that shows them. */
import type { Capability, ObjectKind } from '../capability/capability';
import type { Content, DisplayItem, Question } from './content';
import { displayCapability } from './display-capability';
import type { Drawing } from './drawing';
import { Pace } from './frame-clock';
import { completeLimits, type DisplayLimits } from './limits';
import { type MeasureText, measureOnCanvas } from './measure';

export interface DisplayOptions {
  /** Default: `DEFAULT_DISPLAY_LIMITS`. */
  readonly limits?: Partial<DisplayLimits> | undefined;
  /** How large text is that a canvas shows. Default: as this page draws it. */
  readonly measureText?: MeasureText | undefined;
}

/** What is done for guests in a frame of the page, in things of the size of a line of text. */
const COST_PER_FRAME = 160;
/** At a time; a guest whose question is one more is told that nobody answers. */
const MOST_QUESTIONS = 16;

export class Display {
  /** To be given to `Sandbox.create`, beside others: `{ ...display.capabilities, world }`. */
  readonly capabilities: { readonly display: Capability };
  /** To be given to `Sandbox.create`, beside others. */
  readonly kinds: readonly ObjectKind[];
  readonly limits: DisplayLimits;
  readonly pace = new Pace(COST_PER_FRAME);
  readonly measureText: MeasureText;
  readonly #listeners = new Set<() => void>();
  #items: readonly DisplayItem[] = [];
  #questions: readonly Question[] = [];
  #bytes = 0;
  #dropped = 0;
  #lastKey = 0;

  /** Throws `OptionError`. */
  constructor({ limits, measureText = measureOnCanvas }: DisplayOptions = {}) {
    this.limits = completeLimits(limits);
    this.measureText = measureText;
    const { methods, canvases } = displayCapability(this);
    this.capabilities = { display: methods };
    this.kinds = [canvases];
  }

  /** The oldest first. Another array when anything has changed. */
  get items(): readonly DisplayItem[] {
    return this.#items;
  }

  /** How many have gone to make room. */
  get dropped(): number {
    return this.#dropped;
  }

  /** What the user is asked; the first one first. */
  get questions(): readonly Question[] {
    return this.#questions;
  }

  /** Calls back when anything has changed. Gives what ends it. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes away all that is shown. A canvas that a program goes on drawing on appears anew. */
  clear(): void {
    for (const item of this.#items) this.#forget(item);
    this.#items = [];
    this.#dropped = 0;
    this.#tell();
  }

  /** Below what is shown already; where something has the id, in its place. */
  put(content: Content, bytes: number, id: string | undefined): void {
    const at = id === undefined ? -1 : this.#items.findIndex((item) => item.id === id);
    const before = this.#items[at];
    const item: DisplayItem = { key: before?.key ?? ++this.#lastKey, id, content, bytes };
    this.#bytes += bytes;
    if (before === undefined) this.#items = [...this.#items, item];
    else {
      this.#forget(before);
      this.#items = this.#items.with(at, item);
    }
    this.#makeRoom(item);
    this.#tell();
  }

  /** Whether the canvas is still shown. */
  shows(drawing: Drawing): boolean {
    return this.#items.some(
      ({ content }) => content.kind === 'canvas' && content.drawing === drawing,
    );
  }

  /** The text that the user gives, or null: for none, for too many questions, and when `signal` is aborted. */
  ask(question: Omit<Question, 'answer'>, signal: AbortSignal): Promise<string | null> {
    if (this.#questions.length >= MOST_QUESTIONS) return Promise.resolve(null);
    return new Promise((resolve) => {
      const answer = (text: string | null): void => {
        signal.removeEventListener('abort', giveUp);
        this.#questions = this.#questions.filter((one) => one !== asked);
        this.#tell();
        resolve(text);
      };
      const giveUp = (): void => answer(null);
      const asked: Question = { ...question, answer };
      signal.addEventListener('abort', giveUp);
      this.#questions = [...this.#questions, asked];
      this.#tell();
    });
  }

  /** The oldest go, but not the one that has just come. */
  #makeRoom(newest: DisplayItem): void {
    const { items, totalBytes, canvases } = this.limits;
    const isFull = (): boolean => this.#items.length > items || this.#bytes > totalBytes;
    while (isFull()) {
      const oldest = this.#items.find((item) => item !== newest);
      if (oldest === undefined) break;
      this.#drop(oldest);
    }
    const shown = this.#items.filter(({ content }) => content.kind === 'canvas');
    for (const item of shown.slice(0, Math.max(0, shown.length - canvases))) this.#drop(item);
  }

  #drop(item: DisplayItem): void {
    this.#items = this.#items.filter((one) => one !== item);
    this.#dropped++;
    this.#forget(item);
  }

  #forget({ content, bytes }: DisplayItem): void {
    this.#bytes -= bytes;
    if (content.kind === 'canvas') content.drawing.close();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** Where a page shows what its guests draw. Throws `OptionError`. */
export function createDisplay(options: DisplayOptions = {}): Display {
  return new Display(options);
}
