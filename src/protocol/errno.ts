/**
 * WASI preview1's error numbers, by the names POSIX gives them, and the one error that the layers
 * below the host calls throw.
 */

/**
 * In the order of their numbers, from 1 on. Of our own, as browser_wasi_shim's definitions can't be listed
 * without making an object of them all, which took a starting worker 4 ms.
 */
const names = [
  'E2BIG',
  'EACCES',
  'EADDRINUSE',
  'EADDRNOTAVAIL',
  'EAFNOSUPPORT',
  'EAGAIN',
  'EALREADY',
  'EBADF',
  'EBADMSG',
  'EBUSY',
  'ECANCELED',
  'ECHILD',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EDEADLK',
  'EDESTADDRREQ',
  'EDOM',
  'EDQUOT',
  'EEXIST',
  'EFAULT',
  'EFBIG',
  'EHOSTUNREACH',
  'EIDRM',
  'EILSEQ',
  'EINPROGRESS',
  'EINTR',
  'EINVAL',
  'EIO',
  'EISCONN',
  'EISDIR',
  'ELOOP',
  'EMFILE',
  'EMLINK',
  'EMSGSIZE',
  'EMULTIHOP',
  'ENAMETOOLONG',
  'ENETDOWN',
  'ENETRESET',
  'ENETUNREACH',
  'ENFILE',
  'ENOBUFS',
  'ENODEV',
  'ENOENT',
  'ENOEXEC',
  'ENOLCK',
  'ENOLINK',
  'ENOMEM',
  'ENOMSG',
  'ENOPROTOOPT',
  'ENOSPC',
  'ENOSYS',
  'ENOTCONN',
  'ENOTDIR',
  'ENOTEMPTY',
  'ENOTRECOVERABLE',
  'ENOTSOCK',
  'ENOTSUP',
  'ENOTTY',
  'ENXIO',
  'EOVERFLOW',
  'EOWNERDEAD',
  'EPERM',
  'EPIPE',
  'EPROTO',
  'EPROTONOSUPPORT',
  'EPROTOTYPE',
  'ERANGE',
  'EROFS',
  'ESPIPE',
  'ESRCH',
  'ESTALE',
  'ETIMEDOUT',
  'ETXTBSY',
  'EXDEV',
  'ENOTCAPABLE',
] as const;

export type ErrnoName = (typeof names)[number];

declare const brand: unique symbol;
export type Errno = number & { readonly [brand]: 'Errno' };

export const SUCCESS = 0 as Errno;

export const errno = Object.freeze(
  Object.fromEntries(names.map((name, index) => [name, index + 1])),
) as Readonly<Record<ErrnoName, Errno>>;

/** `ENOENT` for 44; the number itself where the ABI has no such error. */
export function errnoName(number: number): string {
  return number === SUCCESS ? 'SUCCESS' : (names[number - 1] ?? `errno ${number}`);
}

/** A refusal with a WASI error number. It never carries anything else to the guest. */
export class FileError extends Error {
  override readonly name = 'FileError';
  readonly errno: Errno;
  readonly errnoName: ErrnoName;

  constructor(name: ErrnoName, detail = '') {
    super(detail === '' ? name : `${name}: ${detail}`);
    this.errnoName = name;
    this.errno = errno[name];
  }
}
