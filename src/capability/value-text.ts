/** UTF-8 with lone surrogates let through, as Python's `surrogatepass` has them. */
import { ValueError } from '../errors';

const utf8Encoder = new TextEncoder();
const utf8Decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** What an encoder writes for a lone surrogate. */
const REPLACEMENT = utf8Encoder.encode('\ufffd');

export function encodeText(text: string): Uint8Array {
  return /\p{Surrogate}/u.test(text) ? encodeWithSurrogates(text) : utf8Encoder.encode(text);
}

/** What an encoder writes for one is three bytes as well: they are put right. */
function encodeWithSurrogates(text: string): Uint8Array {
  const bytes = utf8Encoder.encode(text);
  let at = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.codePointAt(index) ?? 0;
    if (code >= 0xd800 && code <= 0xdfff) {
      bytes[at] = 0xed;
      bytes[at + 1] = 0x80 | ((code >> 6) & 0x3f);
      bytes[at + 2] = 0x80 | (code & 0x3f);
    }
    if (code > 0xffff) index++;
    at += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

/** Throws `ValueError` for anything else. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return utf8Decoder.decode(bytes);
  } catch {
    return decodeWithSurrogates(bytes);
  }
}

const PIECE = 8192;

/** Without them first, then with each in its place: so that a text full of them takes no more than any other. */
function decodeWithSurrogates(bytes: Uint8Array): string {
  const units = unitsOf(withoutSurrogates(bytes));
  let at = 0;
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index] ?? 0;
    if (isSurrogate(bytes, index)) {
      units[at] =
        0xd000 | (((bytes[index + 1] ?? 0) & 0x3f) << 6) | ((bytes[index + 2] ?? 0) & 0x3f);
    }
    // A character beyond the first 65,536 is two units; what goes on with one is none.
    at += byte >= 0xf0 ? 2 : byte >= 0xc0 || byte < 0x80 ? 1 : 0;
  }
  const pieces: string[] = [];
  for (let start = 0; start < units.length; start += PIECE) {
    pieces.push(String.fromCharCode(...units.subarray(start, start + PIECE)));
  }
  return pieces.join('');
}

function withoutSurrogates(bytes: Uint8Array): string {
  const changed = bytes.slice();
  for (let index = 0; index < bytes.length; index++) {
    if (isSurrogate(bytes, index)) changed.set(REPLACEMENT, index);
  }
  try {
    return utf8Decoder.decode(changed);
  } catch {
    throw new ValueError('not a value: text that is not UTF-8');
  }
}

/** A byte that begins a character can't be one inside of another. */
function isSurrogate(bytes: Uint8Array, index: number): boolean {
  if (bytes[index] !== 0xed) return false;
  const second = bytes[index + 1] ?? 0;
  const third = bytes[index + 2] ?? 0;
  return second >= 0xa0 && second <= 0xbf && third >= 0x80 && third <= 0xbf;
}

function unitsOf(text: string): Uint16Array {
  const units = new Uint16Array(text.length);
  for (let index = 0; index < text.length; index++) units[index] = text.charCodeAt(index);
  return units;
}
