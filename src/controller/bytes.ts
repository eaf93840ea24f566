/** Bytes that come in pieces. */

const FIRST_PIECE_BYTES = 4096;
const LARGEST_PIECE_BYTES = 1024 * 1024;

export function concatenate(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((bytes, piece) => bytes + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}

/**
 * Puts a copy at the end of `pieces`, which only this function may have put together. Whoever
 * appends byte by byte gets few large pieces, not an object for each byte.
 */
export function append(pieces: Uint8Array[], bytes: Uint8Array): void {
  let rest = bytes;
  const last = pieces.at(-1);
  if (last !== undefined) {
    const fitting = rest.subarray(0, last.buffer.byteLength - last.length);
    pieces[pieces.length - 1] = extend(last, fitting);
    rest = rest.subarray(fitting.length);
  }
  if (rest.length === 0) return;
  const capacity = Math.min((last?.length ?? 0) * 2, LARGEST_PIECE_BYTES);
  const buffer = new ArrayBuffer(Math.max(FIRST_PIECE_BYTES, capacity, rest.length));
  pieces.push(extend(new Uint8Array(buffer, 0, 0), rest));
}

function extend(piece: Uint8Array, bytes: Uint8Array): Uint8Array {
  const longer = new Uint8Array(piece.buffer, 0, piece.length + bytes.length);
  longer.set(bytes, piece.length);
  return longer;
}
