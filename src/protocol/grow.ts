/** A longer copy: of at least so many bytes, and twice as long, so that growing step by step stays cheap. */
export function grow(bytes: Uint8Array, neededBytes: number): Uint8Array<ArrayBuffer> {
  const longer = new Uint8Array(Math.max(2 * bytes.length, neededBytes));
  longer.set(bytes);
  return longer;
}
