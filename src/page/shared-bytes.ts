/** What a server sends, where workers can read it in place. */
import { canShare } from '../protocol/memory-image';

/** What is not written to takes no memory. */
const FIRST_BYTES = 8 * 2 ** 20;

/** As it comes: copied there afterwards, it would be waited for. In the page's own memory where nothing can be shared. */
export async function sharedBytes(response: Response): Promise<Uint8Array> {
  if (!canShare() || response.body === null) return new Uint8Array(await response.arrayBuffer());
  let bytes = new Uint8Array(new SharedArrayBuffer(FIRST_BYTES));
  let length = 0;
  const reader = response.body.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    const end = length + next.value.length;
    if (end > bytes.length) bytes = grown(bytes, end);
    bytes.set(next.value, length);
    length = end;
  }
  return bytes.subarray(0, length);
}

function grown(bytes: Uint8Array, least: number): Uint8Array<SharedArrayBuffer> {
  const larger = new Uint8Array(new SharedArrayBuffer(Math.max(least, 2 * bytes.length)));
  larger.set(bytes);
  return larger;
}
