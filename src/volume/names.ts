/** What a component of a path may be: the same for every store, whatever the path came from. */
import { FileError } from '../protocol/errno';

export const DEFAULT_MAX_NAME_BYTES = 255;

/** Linux's limit: a longer target could not be read back by programs with a PATH_MAX buffer. */
const MAX_TARGET_BYTES = 4095;

export function utf8Length(text: string): number {
  let bytes = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800) bytes += 2;
    else if (unit >= 0xd800 && unit < 0xdc00) {
      bytes += 4;
      index++;
    } else bytes += 3;
  }
  return bytes;
}

export function checkNameLength(name: string, maxBytes: number): void {
  // No UTF-16 unit takes more than three bytes: most names are known to fit without being counted.
  if (name.length * 3 > maxBytes && (name.length > maxBytes || utf8Length(name) > maxBytes)) {
    throw new FileError('ENAMETOOLONG');
  }
}

export function isName(name: string): boolean {
  return (
    name !== '' &&
    name !== '.' &&
    name !== '..' &&
    !name.includes('/') &&
    !name.includes('\0') &&
    name.isWellFormed()
  );
}

/** ENAMETOOLONG; EILSEQ for an unpaired surrogate; EINVAL for what is no component at all. */
export function checkName(name: string, maxBytes: number): void {
  checkNameLength(name, maxBytes);
  if (!isName(name)) throw new FileError(name.isWellFormed() ? 'EINVAL' : 'EILSEQ');
}

/** ENOENT for an empty target, as Linux has it; otherwise as `checkName`. */
export function checkTarget(target: string): void {
  if (target === '') throw new FileError('ENOENT');
  checkNameLength(target, MAX_TARGET_BYTES);
  if (target.includes('\0')) throw new FileError('EINVAL');
  if (!target.isWellFormed()) throw new FileError('EILSEQ');
}
