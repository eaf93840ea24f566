/** Fills `into` from a place of what is held; what is not held is zeros, whatever lay there. */
export function put(held: Uint8Array | undefined, from: number, into: Uint8Array): void {
  const there = held?.subarray(from, from + into.length);
  if (there !== undefined) into.set(there);
  into.fill(0, there?.length ?? 0);
}
