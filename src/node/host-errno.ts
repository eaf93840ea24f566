/** What a system call of the host refuses, as the guest may know it: the error number, no more. */
import { type ErrnoName, errno, FileError } from '../protocol/errno';

export function withErrno<T>(call: () => T): T {
  try {
    return call();
  } catch (reason) {
    throw toFileError(reason);
  }
}

function toFileError(reason: unknown): unknown {
  if (reason instanceof FileError || !(reason instanceof Error)) return reason;
  const code = 'code' in reason ? reason.code : undefined;
  if (typeof code !== 'string') return reason;
  if (isErrnoName(code)) return new FileError(code);
  // Node's own refusal of an argument, or an error that WASI has no number for.
  return new FileError(code.startsWith('ERR_') ? 'EINVAL' : 'EIO');
}

function isErrnoName(code: string): code is ErrnoName {
  return Object.hasOwn(errno, code);
}
