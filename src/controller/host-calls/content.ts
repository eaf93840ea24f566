/** Reading and writing: files, directories' listings, the three streams. */
import { wasi } from '@bjorn3/browser_wasi_shim';
import { FileError } from '../../protocol/errno';
import { drive, type Maybe, type Steps, settle } from '../../protocol/maybe';
import type { Fd } from '../../protocol/numbers';
import { DIRENT_BYTES, encodeDirent } from '../../protocol/records';
import type { OpenDirectory, OpenRegular } from '../fd-table';
import { filetype, safeOffset } from './attributes';
import type { Handlers, HostContext } from './context';
import { readable, writable } from './descriptors';

/** Listing cookies 1 and 2 are those of `.` and `..`; the volume's own follow. */
const DOT_ENTRIES = 2;

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
        return context.stdin.read(into);
      }
      return drive(readOn(readable(fds.regular(fd)), into));
    },
    fd_pread: ({ fd, into, offset }) => {
      const { node } = readable(fds.regular(fd));
      return node.mount.volume.read(node.inode, safeOffset(offset), into);
    },
    fd_write: ({ fd, from }) => {
      const file = fds.get(fd);
      if (file.kind === 'stream') {
        if (file.stream === 'stdin') throw new FileError('EBADF');
        context.write(file.stream, from);
        return from.length;
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
      return list(context, directory, into, safeOffset(cookie));
    },
  };
}

/** A directory can't be opened for writing: to write to one is EBADF, not EISDIR. */
function regularForWriting(context: HostContext, fd: Fd): OpenRegular {
  if (context.fds.get(fd).kind === 'directory') throw new FileError('EBADF');
  return context.fds.regular(fd);
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

function list(
  context: HostContext,
  directory: OpenDirectory,
  room: number,
  cookie: number,
): Maybe<Uint8Array> {
  return drive(listSteps(context, directory, room, cookie));
}

/**
 * As many entries as there is room for. The last may be cut off: a result that fills the room
 * tells the guest that more follows, one that does not that this was the end.
 */
function* listSteps(
  context: HostContext,
  { node }: OpenDirectory,
  room: number,
  cookie: number,
): Steps<Uint8Array> {
  const result = new Uint8Array(room);
  let used = 0;
  const add = (next: number, inode: number, type: number, name: string): void => {
    const entry = encodeDirent({ next: BigInt(next), inode: BigInt(inode), filetype: type, name });
    result.set(entry.subarray(0, room - used), used);
    used = Math.min(room, used + entry.length);
  };
  for (const [index, name] of ['.', '..'].entries()) {
    if (index >= cookie && used < room) {
      add(index + 1, node.inode, wasi.FILETYPE_DIRECTORY, name);
    }
  }
  let after = Math.max(0, cookie - DOT_ENTRIES);
  while (used < room) {
    // Even nameless entries would fill the room with this many.
    const limit = Math.ceil((room - used) / DIRENT_BYTES);
    const entries = yield* context.namespace.list(node, after, limit);
    if (entries.length === 0) break;
    for (const entry of entries) {
      if (used >= room) break;
      after = entry.cookie;
      add(entry.cookie + DOT_ENTRIES, entry.inode, filetype(entry.kind), entry.name);
    }
  }
  return result.subarray(0, used);
}
