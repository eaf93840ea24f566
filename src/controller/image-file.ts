/**
 * A memory image as a file. All numbers are little-endian:
 *
 *     8 bytes  `glovebox`
 *     u32      version of the format
 *     u32      length of the header
 *     header   JSON: buildId, id, pages, parts (how many), bytes; spaces up to a multiple of 4 bytes
 *     parts    two u32 each: start in memory, length
 *     bytes    of the parts, one behind the other
 */
import { ImageError } from '../errors';
import type { BaseImage, MemoryImage } from '../protocol/memory-image';
import { MAX_PAGES, PAGE_BYTES } from '../protocol/numbers';

const MAGIC = new TextEncoder().encode('glovebox');
const VERSION = 1;
const FIXED_BYTES = MAGIC.length + 8;
const MAX_PARTS = 2 ** 24;

interface Header {
  readonly buildId: string;
  readonly id: string;
  readonly pages: number;
  readonly parts: number;
  readonly bytes: number;
}

/** `buildId`: the guest's, which alone can go on with it. */
export function encodeImage({ id, pages, parts, bytes }: BaseImage, buildId: string): Uint8Array {
  const fields: Header = { buildId, id, pages, parts: parts.length / 2, bytes: bytes.length };
  const text = JSON.stringify(fields);
  const header = new TextEncoder().encode(text.padEnd(Math.ceil(text.length / 4) * 4));
  const file = new Uint8Array(FIXED_BYTES + header.length + parts.byteLength + bytes.length);
  const view = new DataView(file.buffer);
  file.set(MAGIC);
  view.setUint32(MAGIC.length, VERSION, true);
  view.setUint32(MAGIC.length + 4, header.length, true);
  file.set(header, FIXED_BYTES);
  let offset = FIXED_BYTES + header.length;
  for (const number of parts) {
    view.setUint32(offset, number, true);
    offset += 4;
  }
  file.set(bytes, offset);
  return file;
}

/** Throws `ImageError` for anything but a whole image of this build; nothing of it is used before. */
export function decodeImage(file: Uint8Array, buildId: string): BaseImage {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  if (file.length < FIXED_BYTES || MAGIC.some((byte, index) => file[index] !== byte)) {
    throw new ImageError('foreign', 'this is no memory image');
  }
  const version = view.getUint32(MAGIC.length, true);
  if (version !== VERSION) {
    throw new ImageError(
      'version',
      `the image has format ${version}, this library knows ${VERSION}`,
    );
  }
  const headerBytes = view.getUint32(MAGIC.length + 4, true);
  const partsAt = FIXED_BYTES + headerBytes;
  if (partsAt > file.length) throw damaged('it ends within its header');
  const header = decodeHeader(file.subarray(FIXED_BYTES, partsAt));
  if (header.buildId !== buildId) {
    throw new ImageError(
      'build',
      `the image is of build ${header.buildId}, the guest of ${buildId}`,
    );
  }
  const bytesAt = partsAt + header.parts * 8;
  if (bytesAt + header.bytes !== file.length) {
    throw damaged(`it has ${file.length} bytes instead of ${bytesAt + header.bytes}`);
  }
  const parts = new Uint32Array(header.parts * 2);
  for (let index = 0; index < parts.length; index++) {
    parts[index] = view.getUint32(partsAt + index * 4, true);
  }
  const image = { id: header.id, pages: header.pages, parts, bytes: file.subarray(bytesAt) };
  checkParts(image);
  return image;
}

function decodeHeader(bytes: Uint8Array): Header {
  let fields: unknown;
  try {
    fields = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw damaged('its header is no JSON');
  }
  const {
    buildId,
    id,
    pages,
    parts,
    bytes: length,
  } = Object(fields) as Record<keyof Header, unknown>;
  if (typeof buildId !== 'string') throw damaged('its header names no build');
  if (typeof id !== 'string' || id === '') throw damaged('its header names no image');
  return {
    buildId,
    id,
    pages: requireCount(pages, MAX_PAGES),
    parts: requireCount(parts, MAX_PARTS),
    bytes: requireCount(length, MAX_PAGES * PAGE_BYTES),
  };
}

function requireCount(value: unknown, most: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most)
    return value;
  throw damaged(`${String(value)} is no count`);
}

/** In order, apart from each other, within the memory, and as long as the bytes that there are. */
function checkParts({ pages, parts, bytes }: MemoryImage): void {
  let end = 0;
  let total = 0;
  for (let index = 0; index < parts.length; index += 2) {
    const [start = 0, length = 0] = [parts[index], parts[index + 1]];
    if (start < end || length === 0) throw damaged('its parts are not in order');
    end = start + length;
    total += length;
  }
  if (end > pages * PAGE_BYTES) throw damaged('a part is outside of its memory');
  if (total !== bytes.length) throw damaged('its parts are not as long as their bytes');
}

function damaged(how: string): ImageError {
  return new ImageError('damaged', `the image is damaged: ${how}`);
}
