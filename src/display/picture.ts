/**
 * Looks at a picture before the browser does: that it is what it is said to be, and not a few bytes that would become
 * gigabytes of pixels.
 */
import { Refusal } from '../capability/refusal';

export type PictureKind = 'png' | 'jpeg' | 'gif';

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

const SIGNATURES: readonly (readonly [PictureKind, readonly number[]])[] = [
  ['png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['jpeg', [0xff, 0xd8, 0xff]],
  ['gif', [0x47, 0x49, 0x46, 0x38, 0x37, 0x61]],
  ['gif', [0x47, 0x49, 0x46, 0x38, 0x39, 0x61]],
];

const LONGEST_SIDE = 16_384;
const MOST_FRAMES = 1000;

/** What the first bytes say that it is. */
export function pictureKind(bytes: Uint8Array): PictureKind | undefined {
  return SIGNATURES.find(([, start]) => start.every((byte, index) => bytes[index] === byte))?.[0];
}

/** Throws a `Refusal` for what is no picture of a kind that is shown, is damaged, or has too many pixels. */
export function checkPicture(
  bytes: Uint8Array,
  mostPixels: number,
): { readonly kind: PictureKind; readonly size: PictureSize } {
  const kind = pictureKind(bytes);
  if (kind === undefined) throw new Refusal('type', 'that is neither a PNG, a JPEG nor a GIF');
  const size = SIZES[kind](new Reader(bytes));
  const { width, height } = size;
  if (width < 1 || height < 1) throw new Refusal('type', `the ${kind} has no size`);
  if (width > LONGEST_SIDE || height > LONGEST_SIDE || width * height > mostPixels) {
    throw new Refusal('size', `the picture is ${width} × ${height}: ${mostPixels} pixels may be`);
  }
  return { kind, size };
}

/** Reads what may end at any byte. */
class Reader {
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get length(): number {
    return this.#view.byteLength;
  }

  byte(at: number): number {
    return at < this.length ? this.#view.getUint8(at) : cutOff();
  }

  short(at: number, littleEndian = false): number {
    return at + 2 <= this.length ? this.#view.getUint16(at, littleEndian) : cutOff();
  }

  long(at: number): number {
    return at + 4 <= this.length ? this.#view.getUint32(at) : cutOff();
  }
}

function cutOff(): never {
  throw new Refusal('type', 'the picture is cut off or damaged');
}

const SIZES: Readonly<Record<PictureKind, (reader: Reader) => PictureSize>> = {
  png: pngSize,
  jpeg: jpegSize,
  gif: gifSize,
};

const IHDR = 0x49484452;

function pngSize(reader: Reader): PictureSize {
  if (reader.long(12) !== IHDR) cutOff();
  return { width: reader.long(16), height: reader.long(20) };
}

/** The segments up to the one that begins the frame. */
function jpegSize(reader: Reader): PictureSize {
  for (let at = 2; ; ) {
    if (reader.byte(at) !== 0xff) cutOff();
    const marker = reader.byte(at + 1);
    if (marker === 0xff) {
      at++;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { width: reader.short(at + 7), height: reader.short(at + 5) };
    const hasLength = marker !== 0x01 && !(marker >= 0xd0 && marker <= 0xd8);
    if (marker === 0xd9 || marker === 0xda) cutOff();
    const length = hasLength ? reader.short(at + 2) : 0;
    if (hasLength && length < 2) cutOff();
    at += 2 + length;
  }
}

/** Of the whole, and of each of its frames, which need not keep to it. */
function gifSize(reader: Reader): PictureSize {
  let width = reader.short(6, true);
  let height = reader.short(8, true);
  let at = 13 + tableBytes(reader.byte(10));
  for (let frames = 0; ; ) {
    const block = reader.byte(at);
    if (block === 0x3b) return { width, height };
    if (block === 0x21) {
      at = afterBlocks(reader, at + 2);
      continue;
    }
    if (block !== 0x2c) cutOff();
    if (++frames > MOST_FRAMES) throw new Refusal('size', `a GIF may have ${MOST_FRAMES} frames`);
    width = Math.max(width, reader.short(at + 1, true) + reader.short(at + 5, true));
    height = Math.max(height, reader.short(at + 3, true) + reader.short(at + 7, true));
    at = afterBlocks(reader, at + 11 + tableBytes(reader.byte(at + 9)));
  }
}

function tableBytes(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}

function afterBlocks(reader: Reader, from: number): number {
  let at = from;
  for (let length = reader.byte(at); length !== 0; length = reader.byte(at)) at += length + 1;
  return at + 1;
}

/** An address that holds the whole picture: nothing else can be behind it, wherever it is opened. */
export function pictureAddress(format: PictureKind, bytes: Uint8Array): string {
  let text = '';
  for (let from = 0; from < bytes.length; from += 8192) {
    text += String.fromCharCode(...bytes.subarray(from, from + 8192));
  }
  return `data:image/${format};base64,${btoa(text)}`;
}
