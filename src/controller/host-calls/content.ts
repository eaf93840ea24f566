/** Reading and writing: files, directories' listings, the three streams. */
import { wasi } from '@bjorn3/browser_wasi_shim';
import { FileError } from '../../protocol/errno';
import { andThen, drive, isLater, type Steps, settle } from '../../protocol/maybe';
import { type Fd, MAX_TRANSFER_BYTES } from '../../protocol/numbers';
import { DIRENT_BYTES, DirentWriter } from '../../protocol/records';
import type { Scratch } from '../../volume/volume';
import type { OpenDirectory, OpenRegular } from '../fd-table';
import { NEEDED, requireRights } from '../rights';
import { filetype, safeOffset } from './attributes';
import type { Handlers, HostContext } from './context';

/** Listing cookies 1 and 2 are those of `.` and `..`; the volume's own follow. */
const DOT_NAMES = ['.', '..'];

const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);

const SYNC_FLAGS = wasi.FDFLAGS_SYNC | wasi.FDFLAGS_DSYNC;

export function contentCalls(
  context: HostContext,
): Pick<Handlers, 'fd_pread' | 'fd_pwrite' | 'fd_read' | 'fd_readdir' | 'fd_write'> {
  const { fds } = context;
  const scratch = createScratch();
  return {
    fd_read: ({ fd, into }) => {
      const file = fds.get(fd);
      if (file.kind === 'stream') {
        requireRights(file.rights, NEEDED.fd_read);
        return context.stdin.read(transfer(into));
      }
      const regular = fds.regular(fd, NEEDED.fd_read);
      const { node, position } = regular;
      return andThen(
        node.mount.volume.read(node.inode, position, transfer(into), scratch),
        (bytes) => {
          regular.position = position + bytes.length;
          return bytes;
        },
      );
    },
    fd_pread: ({ fd, into, offset }) => {
      const { node } = fds.regular(fd, NEEDED.fd_pread);
      return node.mount.volume.read(node.inode, safeOffset(offset), transfer(into), scratch);
    },
    fd_write: ({ fd, from }) => {
      const file = fds.get(fd);
      if (file.kind === 'stream') {
        if (file.stream === 'stdin') throw new FileError('EBADF');
        requireRights(file.rights, NEEDED.fd_write);
        const written = context.write(file.stream, from);
        return isLater(written) ? written.then(() => from.length) : from.length;
      }
      return drive(writeOn(regularForWriting(context, fd, NEEDED.fd_write), from));
    },
    fd_pwrite: ({ fd, from, offset }) => {
      const file = regularForWriting(context, fd, NEEDED.fd_pwrite);
      return drive(writeAt(file, safeOffset(offset), from));
    },
    fd_readdir: ({ fd, into, cookie }) => {
      const directory = fds.directory(fd, NEEDED.fd_readdir);
      // Past all cookies that there are, it does not matter how far.
      const from = Number(cookie < MAX_SAFE ? cookie : MAX_SAFE);
      return drive(list(context, directory, into, from));
    },
  };
}

/** A directory can't be opened for writing: to write to one is EBADF, not EISDIR. */
function regularForWriting({ fds }: HostContext, fd: Fd, needed: number): OpenRegular {
  if (fds.get(fd).kind === 'directory') throw new FileError('EBADF');
  return fds.regular(fd, needed);
}

/** What a read gives is on its way to the guest before the guest can ask for more: one memory serves all. */
function createScratch(): Scratch {
  let memory = new Uint8Array(0);
  return (length) => {
    if (memory.length < length) memory = new Uint8Array(length);
    return memory.subarray(0, length);
  };
}

/** What one call may move of what was asked for. */
function transfer(room: number): number {
  return Math.min(room, MAX_TRANSFER_BYTES);
}

function* writeOn(file: OpenRegular, bytes: Uint8Array): Steps<number> {
  const { volume } = file.node.mount;
  const position =
    (file.flags & wasi.FDFLAGS_APPEND) === 0
      ? file.position
      : (yield* settle(volume.attributes(file.node.inode))).size;
  yield* writeAt(file, position, bytes);
  file.position = position + bytes.length;
  return bytes.length;
}

function* writeAt(file: OpenRegular, offset: number, bytes: Uint8Array): Steps<number> {
  const { volume } = file.node.mount;
  if (offset + bytes.length > Number.MAX_SAFE_INTEGER) throw new FileError('EFBIG');
  if (bytes.length === 0) return 0;
  yield* settle(volume.write(file.node.inode, offset, bytes));
  if ((file.flags & SYNC_FLAGS) !== 0) yield* settle(volume.sync(file.node.inode));
  return bytes.length;
}

/**
 * As many entries as there is room for. The last may be cut off: a result that fills the room
 * tells the guest that more follows, one that does not that this was the end. So the room is never
 * cut down to what other transfers may move.
 */
function* list(
  context: HostContext,
  { node }: OpenDirectory,
  room: number,
  cookie: number,
): Steps<Uint8Array> {
  const listing = new DirentWriter(room);
  for (let index = cookie; index < DOT_NAMES.length && listing.left > 0; index++) {
    const name = DOT_NAMES[index] ?? '';
    const { inode } = node;
    listing.add({ next: index + 1, inode, filetype: wasi.FILETYPE_DIRECTORY, name });
  }
  let after = Math.max(0, cookie - DOT_NAMES.length);
  while (listing.left > 0) {
    // Even nameless entries would fill the room with this many.
    const limit = Math.ceil(listing.left / DIRENT_BYTES);
    const entries = yield* context.namespace.list(node, after, limit);
    if (entries.length === 0) break;
    for (const { inode, kind, name, cookie: own } of entries) {
      after = own;
      if (listing.left === 0) break;
      listing.add({ next: own + DOT_NAMES.length, inode, filetype: filetype(kind), name });
    }
  }
  return listing.finish();
}
