/** Calls on open descriptors that move no content: state, times, sizes, positions. */
import { wasi } from '@bjorn3/browser_wasi_shim';
import { FileError } from '../../protocol/errno';
import { andThen, drive, type Maybe, type Steps, settle } from '../../protocol/maybe';
import type { Fd } from '../../protocol/numbers';
import { encodePrestat, type Filestat } from '../../protocol/records';
import { ALL_FLAGS, type OpenDirectory, type OpenFile, type OpenRegular } from '../fd-table';
import { hasRights, knownRights, NEEDED, requireRights, WRITE } from '../rights';
import { filetype, safeOffset, statNode, timesChange } from './attributes';
import type { Handlers, HostContext } from './context';

const utf8 = new TextEncoder();

export function descriptorCalls(
  context: HostContext,
): Pick<
  Handlers,
  | 'fd_advise'
  | 'fd_allocate'
  | 'fd_close'
  | 'fd_datasync'
  | 'fd_fdstat_get'
  | 'fd_fdstat_set_flags'
  | 'fd_fdstat_set_rights'
  | 'fd_filestat_get'
  | 'fd_filestat_set_size'
  | 'fd_filestat_set_times'
  | 'fd_prestat_get'
  | 'fd_prestat_dir_name'
  | 'fd_renumber'
  | 'fd_seek'
  | 'fd_sync'
  | 'fd_tell'
> {
  const { fds, clock } = context;
  const nothing = (): undefined => undefined;

  const sync = (fd: Fd, needed: number): Maybe<undefined> => {
    const { node } = fds.stored(fd, needed);
    return drive(asNothing(node.mount.volume.sync(node.inode)));
  };

  return {
    fd_advise: ({ fd, advice }) => {
      if (advice > wasi.ADVICE_NOREUSE) throw new FileError('EINVAL');
      if (fds.get(fd).kind === 'directory') throw new FileError('EBADF');
      fds.get(fd, NEEDED.fd_advise);
      return nothing();
    },
    fd_allocate: ({ fd, offset, length }) => {
      const file = fds.regular(fd, NEEDED.fd_allocate);
      if (length === 0n) throw new FileError('EINVAL');
      return drive(growTo(file, safeOffset(offset + length, 'EFBIG')));
    },
    fd_close: ({ fd }) => {
      fds.close(fd);
      return nothing();
    },
    fd_datasync: ({ fd }) => sync(fd, NEEDED.fd_datasync),
    fd_sync: ({ fd }) => sync(fd, NEEDED.fd_sync),
    fd_fdstat_get: ({ fd }) => {
      const file = fds.get(fd);
      return {
        filetype: fileFiletype(file),
        flags: file.flags,
        base: BigInt(file.rights),
        inheriting: BigInt(file.inheriting),
      };
    },
    fd_fdstat_set_flags: ({ fd, flags }) => {
      if ((flags & ~ALL_FLAGS) !== 0) throw new FileError('EINVAL');
      fds.get(fd, NEEDED.fd_fdstat_set_flags).flags = flags;
      return nothing();
    },
    fd_fdstat_set_rights: ({ fd, base, inheriting }) => {
      const file = fds.get(fd);
      // Rights can be given up, never gained.
      const beyond =
        (base & ~BigInt(file.rights)) !== 0n || (inheriting & ~BigInt(file.inheriting)) !== 0n;
      if (beyond) throw new FileError('ENOTCAPABLE');
      file.rights = knownRights(base);
      file.inheriting = knownRights(inheriting);
      return nothing();
    },
    fd_filestat_get: ({ fd }) => {
      const file = fds.get(fd, NEEDED.fd_filestat_get);
      return file.kind === 'stream' ? statStream(file) : drive(statNode(file.node));
    },
    fd_filestat_set_size: ({ fd, size }) => {
      const file = fds.get(fd);
      // POSIX: ftruncate of what is not a file, or not open for writing, is EINVAL.
      if (file.kind !== 'file' || !hasRights(file.rights, WRITE)) throw new FileError('EINVAL');
      requireRights(file.rights, NEEDED.fd_filestat_set_size);
      const bytes = safeOffset(size, 'EFBIG');
      return drive(asNothing(file.node.mount.volume.truncate(file.node.inode, bytes)));
    },
    fd_filestat_set_times: ({ fd, ...times }) => {
      const { node } = fds.stored(fd, NEEDED.fd_filestat_set_times);
      const change = timesChange(clock, times);
      return drive(asNothing(node.mount.volume.setTimes(node.inode, change)));
    },
    fd_prestat_get: ({ fd }) => encodePrestat(preopenName(fds.get(fd))),
    fd_prestat_dir_name: ({ fd, into }) => {
      const name = utf8.encode(preopenName(fds.get(fd)));
      if (name.length > into) throw new FileError('ENAMETOOLONG');
      return name;
    },
    fd_renumber: ({ fd, to }) => {
      fds.renumber(fd, to);
      return nothing();
    },
    fd_seek: ({ fd, offset, whence }) => {
      const tells = whence === wasi.WHENCE_CUR && offset === 0n;
      const file = fds.regular(fd, tells ? NEEDED.fd_tell : NEEDED.fd_seek);
      return andThen(seekBase(file, whence), (base) => {
        const position = BigInt(base) + offset;
        if (position < 0n) throw new FileError('EINVAL');
        file.position = safeOffset(position);
        return position;
      });
    },
    fd_tell: ({ fd }) => BigInt(fds.regular(fd, NEEDED.fd_tell).position),
  };
}

export function* asNothing(done: Maybe<void>): Steps<undefined> {
  yield* settle(done);
  return undefined;
}

function* growTo({ node }: OpenRegular, size: number): Steps<undefined> {
  const { volume } = node.mount;
  const attributes = yield* settle(volume.attributes(node.inode));
  if (attributes.size < size) yield* settle(volume.truncate(node.inode, size));
  return undefined;
}

function seekBase({ node, position }: OpenRegular, whence: number): Maybe<number> {
  switch (whence) {
    case wasi.WHENCE_SET:
      return 0;
    case wasi.WHENCE_CUR:
      return position;
    case wasi.WHENCE_END:
      return andThen(node.mount.volume.attributes(node.inode), ({ size }) => size);
    default:
      throw new FileError('EINVAL');
  }
}

function preopenName(file: OpenFile): string {
  // libc asks one number after the other until EBADF: only preopens may answer.
  if (file.kind !== 'directory' || file.preopen === undefined) throw new FileError('EBADF');
  return file.preopen;
}

function fileFiletype(file: OpenFile): number {
  if (file.kind !== 'stream') return filetype(file.kind);
  // What is not a terminal is a pipe to its owner, which WASI has no type for.
  return file.terminal ? wasi.FILETYPE_CHARACTER_DEVICE : wasi.FILETYPE_UNKNOWN;
}

function statStream(file: Exclude<OpenFile, OpenRegular | OpenDirectory>): Filestat {
  return {
    device: 0n,
    inode: 0,
    filetype: fileFiletype(file),
    links: 1,
    size: 0,
    accessedNs: 0n,
    modifiedNs: 0n,
    changedNs: 0n,
  };
}
