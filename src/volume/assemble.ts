/**
 * Fills `into` with what lies from `offset` on in chunks of one length. What is not held of them is zeros, whatever lay
 * there.
 */
export function assemble(
  into: Uint8Array,
  offset: number,
  chunkBytes: number,
  held: (index: number) => Uint8Array | undefined,
): void {
  for (let done = 0; done < into.length; ) {
    const index = Math.floor((offset + done) / chunkBytes);
    const from = offset + done - index * chunkBytes;
    const end = Math.min(into.length, done + chunkBytes - from);
    const there = held(index)?.subarray(from, from + end - done);
    if (there !== undefined) into.set(there, done);
    into.fill(0, done + (there?.length ?? 0), end);
    done = end;
  }
}
