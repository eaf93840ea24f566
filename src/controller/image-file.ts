/**
 * A memory image as a file. All numbers are little-endian:
 *
 *     header   `glovebox`, as `image-header.ts` has it, with buildId, id, pages, parts (how many), bytes;
 *              spaces up to a multiple of 4 bytes
 *     parts    two u32 each: start in memory, length
 *     bytes    of the parts, one behind the other
 */
import { ImageError } from '../errors';
import type { BaseImage, MemoryImage } from '../protocol/memory-image';
import { MAX_PAGES, PAGE_BYTES } from '../protocol/numbers';
import {
  checkFormat,
  damaged,
  decodeHeader,
  encodeHeader,
  headerEnd,
  imageFormat,
  requireCount,
  requireText,
} from './image-header';

const FORMAT = imageFormat('glovebox', 1, 'memory image');
const MAX_PARTS = 2 ** 24;

/** `buildId`: the guest's, which alone can go on with it. */
export function encodeImage({ id, pages, parts, bytes }: BaseImage, buildId: string): Uint8Array {
  const fields = { buildId, id, pages, parts: parts.length / 2, bytes: bytes.length };
  const header = encodeHeader(FORMAT, fields, 4);
  const file = new Uint8Array(header.length + parts.byteLength + bytes.length);
  const view = new DataView(file.buffer);
  file.set(header);
  let offset = header.length;
  for (const number of parts) {
    view.setUint32(offset, number, true);
    offset += 4;
  }
  file.set(bytes, offset);
  return file;
}

/** Throws `ImageError` for anything but a whole image of this build; nothing of it is used before. */
export function decodeImage(file: Uint8Array, buildId: string): BaseImage {
  checkFormat(file, FORMAT);
  const partsAt = headerEnd(file, file.length, FORMAT);
  const header = readFields(decodeHeader(file, partsAt, FORMAT));
  if (header.buildId !== buildId) {
    throw new ImageError(
      'build',
      `the image is of build ${header.buildId}, the guest of ${buildId}`,
    );
  }
  const bytesAt = partsAt + header.parts * 8;
  if (bytesAt + header.bytes !== file.length) {
    throw damaged(FORMAT, `it has ${file.length} bytes instead of ${bytesAt + header.bytes}`);
  }
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const parts = new Uint32Array(header.parts * 2);
  for (let index = 0; index < parts.length; index++) {
    parts[index] = view.getUint32(partsAt + index * 4, true);
  }
  const image = { id: header.id, pages: header.pages, parts, bytes: file.subarray(bytesAt) };
  checkParts(image);
  return image;
}

function readFields({ buildId, id, pages, parts, bytes }: Readonly<Record<string, unknown>>) {
  const name = requireText(id, 'image', FORMAT);
  if (name === '') throw damaged(FORMAT, 'its header names no image');
  return {
    buildId: requireText(buildId, 'build', FORMAT),
    id: name,
    pages: requireCount(pages, MAX_PAGES, FORMAT),
    parts: requireCount(parts, MAX_PARTS, FORMAT),
    bytes: requireCount(bytes, MAX_PAGES * PAGE_BYTES, FORMAT),
  };
}

/** In order, apart from each other, within the memory, and as long as the bytes that there are. */
function checkParts({ pages, parts, bytes }: MemoryImage): void {
  let end = 0;
  let total = 0;
  for (let index = 0; index < parts.length; index += 2) {
    const [start = 0, length = 0] = [parts[index], parts[index + 1]];
    if (start < end || length === 0) throw damaged(FORMAT, 'its parts are not in order');
    end = start + length;
    total += length;
  }
  if (end > pages * PAGE_BYTES) throw damaged(FORMAT, 'a part is outside of its memory');
  if (total !== bytes.length) throw damaged(FORMAT, 'its parts are not as long as their bytes');
}
