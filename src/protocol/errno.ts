/**
 * WASI preview1's error numbers, by the names POSIX gives them, and the one error that the layers
 * below the host calls throw. The numbers come from browser_wasi_shim's definitions of the ABI.
 */
import { wasi } from '@bjorn3/browser_wasi_shim';

type ShimName = Extract<keyof typeof wasi, `ERRNO_${string}`>;
type NameOf<K> = K extends `ERRNO_${infer Rest}`
  ? Rest extends 'SUCCESS'
    ? never
    : `E${Rest}`
  : never;

export type ErrnoName = NameOf<ShimName>;

declare const brand: unique symbol;
export type Errno = number & { readonly [brand]: 'Errno' };

export const SUCCESS = wasi.ERRNO_SUCCESS as Errno;

const namesByNumber = new Map<number, ErrnoName>();
const numbersByName: Partial<Record<ErrnoName, Errno>> = {};
for (const [key, value] of Object.entries(wasi)) {
  if (!key.startsWith('ERRNO_') || key === 'ERRNO_SUCCESS') continue;
  const name = `E${key.slice('ERRNO_'.length)}` as ErrnoName;
  namesByNumber.set(value as number, name);
  numbersByName[name] = value as Errno;
}

export const errno = Object.freeze(numbersByName) as Readonly<Record<ErrnoName, Errno>>;

/** `ENOENT` for 44; the number itself where the ABI has no such error. */
export function errnoName(number: number): string {
  return number === SUCCESS ? 'SUCCESS' : (namesByNumber.get(number) ?? `errno ${number}`);
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
