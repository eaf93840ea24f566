/**
 * The rights of WASI preview1: what a descriptor may be used for. As numbers, of which they need 29
 * bits, so that what a call needs is one test of bits. They are bigints on the wire only.
 */
import { wasi } from '@bjorn3/browser_wasi_shim';
import { FileError } from '../protocol/errno';

export const ALL_RIGHTS = Object.entries(wasi)
  .filter(([name]) => name.startsWith('RIGHTS_'))
  .reduce((all, [, bit]) => all | (bit as number), 0);

const READ = wasi.RIGHTS_FD_READ;
export const WRITE = wasi.RIGHTS_FD_WRITE;

/** What nothing but content that is written to can be used for. */
const CHANGE_CONTENT = WRITE | wasi.RIGHTS_FD_ALLOCATE | wasi.RIGHTS_FD_FILESTAT_SET_SIZE;

/** Of a directory: its entries are not read and written as content is. */
export const DIRECTORY_RIGHTS = ALL_RIGHTS & ~(READ | CHANGE_CONTENT);

/** Without the rights to seek and tell: that is how libc knows a terminal. */
const STREAM_RIGHTS =
  wasi.RIGHTS_FD_ADVISE |
  wasi.RIGHTS_FD_FDSTAT_SET_FLAGS |
  wasi.RIGHTS_FD_FILESTAT_GET |
  wasi.RIGHTS_POLL_FD_READWRITE;
export const INPUT_RIGHTS = STREAM_RIGHTS | READ;
export const OUTPUT_RIGHTS = STREAM_RIGHTS | WRITE;

/** By call: those with two directories need something of each, those that are not here need nothing. */
export const NEEDED = {
  fd_advise: wasi.RIGHTS_FD_ADVISE,
  fd_allocate: WRITE | wasi.RIGHTS_FD_ALLOCATE,
  fd_datasync: wasi.RIGHTS_FD_DATASYNC,
  fd_fdstat_set_flags: wasi.RIGHTS_FD_FDSTAT_SET_FLAGS,
  fd_filestat_get: wasi.RIGHTS_FD_FILESTAT_GET,
  fd_filestat_set_size: wasi.RIGHTS_FD_FILESTAT_SET_SIZE,
  fd_filestat_set_times: wasi.RIGHTS_FD_FILESTAT_SET_TIMES,
  fd_pread: READ | wasi.RIGHTS_FD_SEEK,
  fd_pwrite: WRITE | wasi.RIGHTS_FD_SEEK,
  fd_read: READ,
  fd_readdir: wasi.RIGHTS_FD_READDIR,
  fd_seek: wasi.RIGHTS_FD_SEEK,
  fd_sync: wasi.RIGHTS_FD_SYNC,
  fd_tell: wasi.RIGHTS_FD_TELL,
  fd_write: WRITE,
  path_create_directory: wasi.RIGHTS_PATH_CREATE_DIRECTORY,
  path_filestat_get: wasi.RIGHTS_PATH_FILESTAT_GET,
  path_filestat_set_times: wasi.RIGHTS_PATH_FILESTAT_SET_TIMES,
  path_link: { source: wasi.RIGHTS_PATH_LINK_SOURCE, target: wasi.RIGHTS_PATH_LINK_TARGET },
  path_open: wasi.RIGHTS_PATH_OPEN,
  path_readlink: wasi.RIGHTS_PATH_READLINK,
  path_remove_directory: wasi.RIGHTS_PATH_REMOVE_DIRECTORY,
  path_rename: { source: wasi.RIGHTS_PATH_RENAME_SOURCE, target: wasi.RIGHTS_PATH_RENAME_TARGET },
  path_symlink: wasi.RIGHTS_PATH_SYMLINK,
  path_unlink_file: wasi.RIGHTS_PATH_UNLINK_FILE,
  /** POSIX has a file ready whatever it was opened for; what there is of input, a reader alone is told. */
  poll_oneoff: { file: wasi.RIGHTS_POLL_FD_READWRITE, input: READ | wasi.RIGHTS_POLL_FD_READWRITE },
} as const;

/** What flags of `path_open` need of the directory besides. */
const OFLAGS_NEED = [
  [wasi.OFLAGS_CREAT, wasi.RIGHTS_PATH_CREATE_FILE],
  [wasi.OFLAGS_TRUNC, wasi.RIGHTS_PATH_FILESTAT_SET_SIZE],
] as const;
const FDFLAGS_NEED = [
  [wasi.FDFLAGS_DSYNC, wasi.RIGHTS_FD_DATASYNC],
  [wasi.FDFLAGS_RSYNC | wasi.FDFLAGS_SYNC, wasi.RIGHTS_FD_SYNC],
] as const;

export function neededToOpen(oflags: number, fdflags: number): number {
  let needed: number = NEEDED.path_open;
  for (const [flag, right] of OFLAGS_NEED) if ((oflags & flag) !== 0) needed |= right;
  for (const [flag, right] of FDFLAGS_NEED) if ((fdflags & flag) !== 0) needed |= right;
  return needed;
}

/**
 * ENOTCAPABLE for what has not all the rights that are needed; EBADF if it is not open for reading or
 * writing, which is what programs of POSIX know.
 */
export function requireRights(rights: number, needed: number): void {
  if (hasRights(rights, needed)) return;
  const unreadable = (needed & ~rights & (READ | WRITE)) !== 0;
  throw new FileError(unreadable ? 'EBADF' : 'ENOTCAPABLE');
}

export function hasRights(rights: number, needed: number): boolean {
  return (needed & ~rights) === 0 || (needed & ~withImplied(rights)) === 0;
}

/**
 * Who may seek may tell. Who may sync may sync the data alone: libc does not ask for that right where
 * a file is opened for reading, and POSIX lets it be synced nevertheless.
 */
function withImplied(rights: number): number {
  let all = rights;
  if ((rights & wasi.RIGHTS_FD_SEEK) !== 0) all |= wasi.RIGHTS_FD_TELL;
  if ((rights & wasi.RIGHTS_FD_SYNC) !== 0) all |= wasi.RIGHTS_FD_DATASYNC;
  return all;
}

/** What there are of the rights that a guest names: it may set any bits. */
export function knownRights(rights: bigint): number {
  return Number(rights & BigInt(ALL_RIGHTS));
}
