/** Reading and writing: files, directories' listings, the three streams. */
import { wasi } from '@bjorn3/browser_wasi_shim';
import { FileError } from '../../protocol/errno';
import { drive, isLater, type Steps, settle } from '../../protocol/maybe';
import { type Fd, MAX_TRANSFER_BYTES } from '../../protocol/numbers';
import { DIRENT_BYTES, encodeDirent } from '../../protocol/records';
import { concatenate } from '../bytes';
import type { OpenDirectory, OpenRegular } from '../fd-table';
import { filetype, safeOffset } from './attributes';
import type { Handlers, HostContext } from './context';
import { readable, writable } from './descriptors';

/** Listing cookies 1 and 2 are those of `.` and `..`; the volume's own follow. */
const DOT_NAMES = ['.', '..'];
const DOT_ENTRIES = BigInt(DOT_NAMES.length);

const SYNC_FLAGS = wasi.FDFLAGS_SYNC | wasi.FDFLAGS_DSYNC;

export function contentCalls(
  context: HostContext,
): Pick<Handlers, 'fd_pread' | 'fd_pwrite' | 'fd_read' | 'fd_readdir' | 'fd_write'> {
  const { fds } = context;
  return {
    fd_read: ({ fd, into }) => {
      const file = fds.get(fd);
      if (file.kind === 'stream') {
        if (file.stream !== 'stdin') throw new FileError('EBADF');
        return context.stdin.read(transfer(into));
      }
      return drive(readOn(readable(fds.regular(fd)), transfer(into)));
    },
    fd_pread: ({ fd, into, offset }) => {
      const { node } = readable(fds.regular(fd));
      return node.mount.volume.read(node.inode, safeOffset(offset), transfer(into));
    },
    fd_write: ({ fd, from }) => {
      const file = fds.get(fd);
      if (file.kind === 'stream') {
        if (file.stream === 'stdin') throw new FileError('EBADF');
        const written = context.write(file.stream, from);
        return isLater(written) ? written.then(() => from.length) : from.length;
      }
      return drive(writeOn(writable(regularForWriting(context, fd)), from));
    },
    fd_pwrite: ({ fd, from, offset }) => {
      const file = writable(regularForWriting(context, fd));
      return drive(writeAt(file, safeOffset(offset), from));
    },
    fd_readdir: ({ fd, into, cookie }) => {
      const directory = fds.get(fd);
      if (directory.kind !== 'directory') throw new FileError('ENOTDIR');
      return drive(list(context, directory, into, cookie));
    },
  };
}

/** A directory can't be opened for writing: to write to one is EBADF, not EISDIR. */
function regularForWriting(context: HostContext, fd: Fd): OpenRegular {
  if (context.fds.get(fd).kind === 'directory') throw new FileError('EBADF');
  return context.fds.regular(fd);
}

/** What one call may move of what was asked for. */
function transfer(room: number): number {
  return Math.min(room, MAX_TRANSFER_BYTES);
}

function* readOn(file: OpenRegular, room: number): Steps<Uint8Array> {
  const { node, position } = file;
  const bytes = yield* settle(node.mount.volume.read(node.inode, position, room));
  file.position = position + bytes.length;
  return bytes;
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
  cookie: bigint,
): Steps<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let left = room;
  const add = (next: bigint, inode: number, type: number, name: string): void => {
    if (left === 0) return;
    const entry = encodeDirent({ next, inode: BigInt(inode), filetype: type, name });
    pieces.push(entry.subarray(0, left));
    left -= Math.min(left, entry.length);
  };
  for (const [index, name] of DOT_NAMES.entries()) {
    if (BigInt(index) < cookie) continue;
    add(BigInt(index + 1), node.inode, wasi.FILETYPE_DIRECTORY, name);
  }
  let after = cookie > DOT_ENTRIES ? cookie - DOT_ENTRIES : 0n;
  while (left > 0) {
    // Even nameless entries would fill the room with this many.
    const limit = Math.ceil(left / DIRENT_BYTES);
    const entries = yield* context.namespace.list(node, after, limit);
    if (entries.length === 0) break;
    for (const entry of entries) {
      after = entry.cookie;
      add(after + DOT_ENTRIES, entry.inode, filetype(entry.kind), entry.name);
    }
  }
  return concatenate(pieces);
}
