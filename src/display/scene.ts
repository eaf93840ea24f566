/** What lies on a canvas: items in their order, each with a number that the guest gave it. */
import { Refusal } from '../capability/refusal';

export type ShapeKind = 'line' | 'polygon' | 'oval';
export type LineEnds = 'butt' | 'round' | 'square';

/** Colours are 0xRRGGBBAA, and 0 is none. */
export interface ShapeItem {
  readonly kind: ShapeKind;
  readonly fill: number;
  readonly outline: number;
  readonly width: number;
  readonly ends: LineEnds;
  /** x, y, x, y, …; of an oval the corners of the box around it. */
  readonly points: Float32Array;
}

export interface TextItem {
  readonly kind: 'words';
  readonly fill: number;
  readonly x: number;
  readonly y: number;
  /** 0 to 8: from the upper left to the lower right, row by row. */
  readonly anchor: number;
  readonly font: Font;
  /** Counterclockwise. */
  readonly degrees: number;
  readonly text: string;
}

export interface Font {
  readonly family: string;
  readonly pixels: number;
  readonly isBold: boolean;
  readonly isItalic: boolean;
  readonly isUnderlined: boolean;
}

export interface ImageItem {
  readonly kind: 'image';
  /** The number of a picture that the canvas was given. */
  readonly picture: number;
  readonly x: number;
  readonly y: number;
  readonly anchor: number;
}

export type SceneItem = ShapeItem | TextItem | ImageItem;

/** An item in its place. */
export interface Placed {
  readonly item: SceneItem;
  /** What lies below has a lower one. */
  readonly height: number;
}

export interface SceneLimits {
  readonly shapes: number;
  readonly points: number;
}

export class Scene {
  readonly #limits: SceneLimits;
  /** The lowest first. */
  #placed = new Map<number, Placed>();
  #points = 0;
  #highest = 0;
  #lowest = 0;
  /** The lowest place where something has changed since `takeChanges`. */
  #changedFrom = Number.POSITIVE_INFINITY;
  ground = 0xff_ff_ff_ff;
  /** What is at the upper left corner. */
  left = 0;
  top = 0;

  constructor(limits: SceneLimits) {
    this.#limits = limits;
  }

  get placed(): Iterable<Placed> {
    return this.#placed.values();
  }

  get count(): number {
    return this.#placed.size;
  }

  /** Below that height nothing has changed since this was asked last. */
  takeChanges(): number {
    const from = this.#changedFrom;
    this.#changedFrom = Number.POSITIVE_INFINITY;
    return from;
  }

  /** On top, where the number is new; in the place of the one that has it. Throws a `Refusal`. */
  put(number: number, item: SceneItem): void {
    const before = this.#placed.get(number);
    const points = this.#points + weight(item) - (before === undefined ? 0 : weight(before.item));
    if (points > this.#limits.points) {
      throw new Refusal('size', `${this.#limits.points} points may be on a canvas`);
    }
    if (before === undefined && this.#placed.size >= this.#limits.shapes) {
      throw new Refusal('size', `${this.#limits.shapes} shapes may be on a canvas`);
    }
    this.#points = points;
    const height = before?.height ?? ++this.#highest;
    this.#placed.set(number, { item, height });
    this.#change(height);
  }

  delete(number: number): void {
    const placed = this.#placed.get(number);
    if (placed === undefined) return;
    this.#placed.delete(number);
    this.#points -= weight(placed.item);
    this.#change(placed.height);
  }

  lift(number: number): void {
    const placed = this.#placed.get(number);
    if (placed === undefined || placed.height === this.#highest) return;
    this.#placed.delete(number);
    this.#placed.set(number, { item: placed.item, height: ++this.#highest });
    this.#change(placed.height);
  }

  lower(number: number): void {
    const placed = this.#placed.get(number);
    if (placed === undefined) return;
    this.#placed.delete(number);
    const lowest: [number, Placed] = [number, { item: placed.item, height: --this.#lowest }];
    this.#placed = new Map([lowest, ...this.#placed]);
    this.#change(this.#lowest);
  }

  clear(): void {
    this.#placed.clear();
    this.#points = 0;
    this.#change(Number.NEGATIVE_INFINITY);
  }

  setGround(color: number): void {
    this.ground = color;
    this.#change(Number.NEGATIVE_INFINITY);
  }

  setCorner(left: number, top: number): void {
    this.left = left;
    this.top = top;
    this.#change(Number.NEGATIVE_INFINITY);
  }

  #change(height: number): void {
    this.#changedFrom = Math.min(this.#changedFrom, height);
  }
}

/** Text costs as much as points do. */
function weight(item: SceneItem): number {
  if (item.kind === 'words') return 8 + item.text.length;
  return item.kind === 'image' ? 8 : 1 + item.points.length / 2;
}
