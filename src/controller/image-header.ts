/**
 * What the files of memory images, of sandboxes and of traces begin with. All numbers are little-endian:
 *
 *     8 bytes  name of the format
 *     u32      its version
 *     u32      length of the header
 *     header   JSON
 */
import { ImageError } from '../errors';

export type FileFault = 'foreign' | 'version' | 'damaged' | 'size';

export interface FileFormat {
  /** Eight characters. */
  readonly name: string;
  readonly version: number;
  /** What a file of another format is not. */
  readonly title: string;
  /** `the image`: what its errors speak of. */
  readonly subject: string;
  readonly refuse: (reason: FileFault, message: string) => Error;
}

/** Of a format of images, whose refusals are `ImageError`. */
export function imageFormat(name: string, version: number, title: string): FileFormat {
  const refuse = (reason: FileFault, message: string): Error => new ImageError(reason, message);
  return { name, version, title, subject: 'the image', refuse };
}

const NAME_BYTES = 8;
const FIXED_BYTES = NAME_BYTES + 8;

const utf8 = new TextEncoder();

/** `multiple`: spaces fill the header up to one of so many bytes. */
export function encodeHeader(
  { name, version }: FileFormat,
  fields: object,
  multiple = 1,
): Uint8Array<ArrayBuffer> {
  const text = JSON.stringify(fields);
  const header = utf8.encode(text.padEnd(Math.ceil(text.length / multiple) * multiple));
  const bytes = new Uint8Array(FIXED_BYTES + header.length);
  const view = new DataView(bytes.buffer);
  bytes.set(utf8.encode(name));
  view.setUint32(NAME_BYTES, version, true);
  view.setUint32(NAME_BYTES + 4, header.length, true);
  bytes.set(header, FIXED_BYTES);
  return bytes;
}

/** Refuses a file of another format, or of another version of it. */
export function checkFormat(file: Uint8Array, format: FileFormat): void {
  const { name, version, title, subject, refuse } = format;
  if (file.length < FIXED_BYTES || utf8.encode(name).some((byte, index) => file[index] !== byte)) {
    throw refuse('foreign', `this is no ${title}`);
  }
  const found = viewOf(file).getUint32(NAME_BYTES, true);
  if (found === version) return;
  throw refuse('version', `${subject} has format ${found}, this library knows ${version}`);
}

/** Where the header of a file ends whose format has been checked: at `limit` at most. */
export function headerEnd(file: Uint8Array, limit: number, format: FileFormat): number {
  const end = FIXED_BYTES + viewOf(file).getUint32(NAME_BYTES + 4, true);
  if (end <= limit) return end;
  throw damaged(format, 'it ends within its header');
}

/** Its fields. */
export function decodeHeader(
  file: Uint8Array,
  end: number,
  format: FileFormat,
): Readonly<Record<string, unknown>> {
  try {
    // A copy: browsers decode no memory that is shared.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(file.slice(FIXED_BYTES, end));
    return Object(JSON.parse(text));
  } catch {
    throw damaged(format, 'its header is no JSON');
  }
}

export function requireText(value: unknown, what: string, format: FileFormat): string {
  if (typeof value === 'string') return value;
  throw damaged(format, `its header names no ${what}`);
}

export function requireCount(value: unknown, most: number, format: FileFormat): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most)
    return value;
  throw damaged(format, `${String(value)} is no count`);
}

export function damaged({ subject, refuse }: FileFormat, how: string): Error {
  return refuse('damaged', `${subject} is damaged: ${how}`);
}

function viewOf(file: Uint8Array): DataView {
  return new DataView(file.buffer, file.byteOffset, file.length);
}
