/**
 * Reads what a guest has drawn: commands in bytes, as `glovebox/_scene.py` in the guest writes them. Nothing is
 * trusted: each number is finite and near, each length is there, or the whole message ends with a `Refusal`.
 */
import { Refusal } from '../capability/refusal';
import type { Font, LineEnds, Scene, SceneItem, ShapeKind } from './scene';

const SHAPES: readonly ShapeKind[] = ['line', 'polygon', 'oval'];
const ENDS: readonly LineEnds[] = ['butt', 'round', 'square'];
const ANCHORS = 9;
const FARTHEST = 1e6;
const WIDEST = 10_000;
const LARGEST_FONT = 1000;
const MOST_POINTS = 20_000;
const BOLD = 1;
const ITALIC = 2;
const UNDERLINE = 4;

/** Throws a `Refusal` at the first command that is none; what came before it has been done. */
export function draw(scene: Scene, bytes: Uint8Array): void {
  const reader = new CommandReader(bytes);
  while (!reader.isAtEnd) {
    const command = reader.byte();
    switch (command) {
      case 1:
        scene.put(reader.long(), readShape(reader));
        break;
      case 2:
        scene.put(reader.long(), readText(reader));
        break;
      case 3:
        scene.put(reader.long(), readImage(reader));
        break;
      case 4:
        scene.delete(reader.long());
        break;
      case 5:
        scene.lift(reader.long());
        break;
      case 6:
        scene.lower(reader.long());
        break;
      case 7:
        scene.clear();
        break;
      case 8:
        scene.setGround(reader.long());
        break;
      case 9:
        scene.setCorner(reader.coordinate(), reader.coordinate());
        break;
      default:
        throw new Refusal('type', `there is no drawing command ${command}`);
    }
  }
}

function readShape(reader: CommandReader): SceneItem {
  const kind = reader.oneOf(SHAPES);
  const fill = reader.long();
  const outline = reader.long();
  const width = reader.float(0, WIDEST);
  const ends = reader.oneOf(ENDS);
  return { kind, fill, outline, width, ends, points: reader.points() };
}

function readText(reader: CommandReader): SceneItem {
  const fill = reader.long();
  const x = reader.coordinate();
  const y = reader.coordinate();
  const anchor = reader.below(ANCHORS);
  const pixels = reader.float(1, LARGEST_FONT);
  const style = reader.byte();
  const degrees = reader.coordinate();
  const font = fontOf(reader.text(reader.byte()), pixels, style);
  return { kind: 'words', fill, x, y, anchor, font, degrees, text: reader.text(reader.short()) };
}

function readImage(reader: CommandReader): SceneItem {
  const picture = reader.long();
  const x = reader.coordinate();
  const y = reader.coordinate();
  return { kind: 'image', picture, x, y, anchor: reader.below(ANCHORS) };
}

/** `style`: 1 for bold, 2 for italic, 4 for underlined, added up. */
export function fontOf(family: string, pixels: number, style: number): Font {
  return {
    // Only what can be in the name of a font: it becomes part of a CSS value.
    family: family.replace(/[^A-Za-z0-9 -]/g, '').slice(0, 64),
    pixels,
    isBold: (style & BOLD) !== 0,
    isItalic: (style & ITALIC) !== 0,
    isUnderlined: (style & UNDERLINE) !== 0,
  };
}

const utf8 = new TextDecoder();

class CommandReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  byte(): number {
    return this.#view.getUint8(this.#take(1));
  }

  short(): number {
    return this.#view.getUint16(this.#take(2), true);
  }

  long(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  below(count: number): number {
    const value = this.byte();
    if (value < count) return value;
    throw new Refusal('type', `${value} is out of its range`);
  }

  oneOf<T>(values: readonly T[]): T {
    return values[this.below(values.length)] as T;
  }

  float(least: number, most: number): number {
    const value = this.#view.getFloat32(this.#take(4), true);
    // NaN is neither.
    if (value >= least && value <= most) return value;
    throw new Refusal('type', `${value} is not between ${least} and ${most}`);
  }

  coordinate(): number {
    return this.float(-FARTHEST, FARTHEST);
  }

  points(): Float32Array {
    const count = this.long();
    if (count > MOST_POINTS) throw new Refusal('size', `a shape may have ${MOST_POINTS} points`);
    const from = this.#take(count * 8);
    const points = new Float32Array(count * 2);
    for (let index = 0; index < points.length; index++) {
      const value = this.#view.getFloat32(from + index * 4, true);
      if (!(Math.abs(value) <= FARTHEST)) throw new Refusal('type', `${value} is too far away`);
      points[index] = value;
    }
    return points;
  }

  text(bytes: number): string {
    const from = this.#take(bytes);
    return utf8.decode(this.#bytes.slice(from, from + bytes));
  }

  /** Where what has so many bytes begins. */
  #take(bytes: number): number {
    const from = this.#at;
    if (from + bytes > this.#bytes.length)
      throw new Refusal('type', 'a drawing command is cut off');
    this.#at += bytes;
    return from;
  }
}
