/** Up to here a loop is faster than the engine's own function, which takes time to be called. */
const FEW_BYTES = 64;

/** `from[start .. end]` to `into`, from `at` on. There is room for it. */
export function copyBytes(
  from: Uint8Array,
  start: number,
  end: number,
  into: Uint8Array,
  at: number,
): void {
  if (end - start > FEW_BYTES) {
    into.set(start === 0 && end === from.length ? from : from.subarray(start, end), at);
    return;
  }
  for (let index = start; index < end; index++) into[at + index - start] = from[index] ?? 0;
}
