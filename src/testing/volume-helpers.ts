/** What tests of volumes share. */
import { type ErrnoName, FileError } from '../protocol/errno';
import type { Maybe } from '../protocol/maybe';

export const text = (string: string) => new TextEncoder().encode(string);
export const string = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** The name of the errno that the call is refused with. */
export async function refusal(call: () => Maybe<unknown>): Promise<ErrnoName | 'done'> {
  try {
    await call();
    return 'done';
  } catch (reason) {
    if (reason instanceof FileError) return reason.errnoName;
    throw reason;
  }
}
