/** Why something with files did not work, for people. */
import { FileError, VolumeError, ZipError } from '../index';

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'there is no room left',
  EROFS: 'the project is read-only',
  EEXIST: 'something of that name is there already',
  ENOENT: 'it is not there any more',
  ENOTDIR: 'a file is where a folder should be',
  EISDIR: 'a folder is where a file should be',
  ENAMETOOLONG: 'the name is too long',
  EINVAL: 'that is no name for it',
  EIO: 'the browser could not store it, or not give it back',
  ESTALE: 'the project has been closed',
};

export function reasonOf(error: unknown): string {
  if (error instanceof FileError) return REASONS[error.errnoName] ?? error.message;
  if (error instanceof ZipError) return `the archive can't be used: ${error.reason}`;
  if (error instanceof VolumeError) return error.message;
  return error instanceof Error ? error.message : String(error);
}
