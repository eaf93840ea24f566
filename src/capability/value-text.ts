/** UTF-8 with lone surrogates let through, as Python's `surrogatepass` has them. */
import { ValueError } from '../errors';

const utf8Encoder = new TextEncoder();

export function encodeText(text: string): Uint8Array {
  return /\p{Surrogate}/u.test(text) ? encodeWithSurrogates(text) : utf8Encoder.encode(text);
}

/** An encoder writes three bytes for a lone surrogate too, only other ones. */
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
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  try {
    return decoder.decode(bytes);
  } catch {
    return decodeWithSurrogates(bytes, decoder);
  }
}

function decodeWithSurrogates(bytes: Uint8Array, decoder: TextDecoder): string {
  const pieces: string[] = [];
  let start = 0;
  const flush = (end: number): void => {
    if (start === end) return;
    try {
      pieces.push(decoder.decode(bytes.subarray(start, end)));
    } catch {
      throw new ValueError('not a value: text that is not UTF-8');
    }
  };
  // A lead byte can't be one inside of another character.
  for (let index = bytes.indexOf(0xed); index !== -1; index = bytes.indexOf(0xed, index + 1)) {
    const second = bytes[index + 1] ?? 0;
    const third = bytes[index + 2] ?? 0;
    if (second < 0xa0 || second > 0xbf || third < 0x80 || third > 0xbf) continue;
    flush(index);
    pieces.push(String.fromCharCode(0xd000 | ((second & 0x3f) << 6) | (third & 0x3f)));
    start = index + 3;
  }
  flush(bytes.length);
  return pieces.join('');
}
