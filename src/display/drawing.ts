/** A canvas of a guest's: what is on it, how large it is, what its program wants to hear of. */
import { Refusal } from '../capability/refusal';
import { EventQueue } from './event-queue';
import { checkPicture, type PictureKind } from './picture';
import { Scene, type SceneLimits } from './scene';
import { draw } from './scene-commands';

/** What a program waits for. */
export interface Watched {
  readonly keys: boolean;
  readonly pointer: boolean;
  readonly moves: boolean;
}

export interface DrawingLimits extends SceneLimits {
  readonly pixels: number;
}

export interface GivenPicture {
  readonly format: PictureKind;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Who shows it. */
export interface DrawingListener {
  /** Something looks different, or is waited for. */
  readonly onChange: () => void;
  /** The program would like to have the keys. */
  readonly onFocus: () => void;
}

const LONGEST_SIDE = 4096;
const MOST_PICTURES = 64;
const MOST_PICTURE_BYTES = 16 * 2 ** 20;

export class Drawing {
  readonly scene: Scene;
  readonly events = new EventQueue();
  readonly #limits: DrawingLimits;
  readonly #listeners = new Set<DrawingListener>();
  readonly #pictures = new Map<number, GivenPicture>();
  #pictureBytes = 0;
  /** All that its pictures have when they are decoded. */
  #picturePixels = 0;
  #width = 1;
  #height = 1;
  #title = '';
  #watched: Watched = { keys: false, pointer: false, moves: false };

  /** In pixels. Throws a `Refusal`. */
  constructor(width: number, height: number, title: string, limits: DrawingLimits) {
    this.#limits = limits;
    this.scene = new Scene(limits);
    this.resize(width, height);
    this.describe(title);
  }

  get width(): number {
    return this.#width;
  }

  get height(): number {
    return this.#height;
  }

  get title(): string {
    return this.#title;
  }

  get watched(): Watched {
    return this.#watched;
  }

  /** By the numbers that its items name. */
  get pictures(): ReadonlyMap<number, GivenPicture> {
    return this.#pictures;
  }

  /** Gives what ends it. */
  listen(listener: DrawingListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Throws a `Refusal`. */
  draw(commands: Uint8Array): void {
    try {
      draw(this.scene, commands);
    } finally {
      this.#changed();
    }
  }

  /** Throws a `Refusal`. */
  resize(width: number, height: number): void {
    const isRight = (side: number): boolean => side >= 1 && side <= LONGEST_SIDE;
    if (!isRight(width) || !isRight(height) || width * height > this.#limits.pixels) {
      throw new Refusal('size', `a canvas may be ${LONGEST_SIDE} pixels wide and high`);
    }
    this.#width = width;
    this.#height = height;
    this.#changed();
  }

  describe(title: string): void {
    this.#title = title.slice(0, 200);
    this.#changed();
  }

  watch(watched: Watched): void {
    this.#watched = watched;
    this.#changed();
  }

  focus(): void {
    for (const { onFocus } of this.#listeners) onFocus();
  }

  /** A picture for its items: gives its number. Throws a `Refusal`. */
  addPicture(bytes: Uint8Array): number {
    const { kind, size } = checkPicture(bytes, this.#limits.pixels);
    const pixels = this.#picturePixels + size.width * size.height;
    const isTooMuch =
      this.#pictures.size >= MOST_PICTURES ||
      this.#pictureBytes + bytes.length > MOST_PICTURE_BYTES ||
      pixels > 2 * this.#limits.pixels;
    if (isTooMuch) throw new Refusal('size', 'these are too many pictures for one canvas');
    this.#picturePixels = pixels;
    this.#pictureBytes += bytes.length;
    const number = this.#pictures.size + 1;
    this.#pictures.set(number, { format: kind, bytes: bytes.slice() });
    return number;
  }

  /** Its program draws and listens no more; what is on it stays. */
  close(): void {
    this.watch({ keys: false, pointer: false, moves: false });
    this.events.close();
  }

  #changed(): void {
    for (const { onChange } of this.#listeners) onChange();
  }
}
