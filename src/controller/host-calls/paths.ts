/** Calls that take a path: opening, looking, making, removing, renaming, linking. */
import { wasi } from '@bjorn3/browser_wasi_shim';
import { FileError } from '../../protocol/errno';
import { drive, type Steps, settle } from '../../protocol/maybe';
import type { Fd } from '../../protocol/numbers';
import type { Filestat } from '../../protocol/records';
import type { Volume } from '../../volume/volume';
import { ALL_FLAGS, type OpenDirectory } from '../fd-table';
import type { Node } from '../namespace';
import { type Location, resolve } from '../resolver';
import { DIRECTORY_RIGHTS, hasRights, knownRights, NEEDED, neededToOpen, WRITE } from '../rights';
import { statNode, timesChange } from './attributes';
import type { Handlers, HostContext } from './context';

/** The bit of the `lookup` argument; the ABI names it, the shim does not. */
const FOLLOW_SYMLINK = 1;

const utf8 = new TextEncoder();

export function pathCalls(
  context: HostContext,
): Pick<
  Handlers,
  | 'path_create_directory'
  | 'path_filestat_get'
  | 'path_filestat_set_times'
  | 'path_link'
  | 'path_open'
  | 'path_readlink'
  | 'path_remove_directory'
  | 'path_rename'
  | 'path_symlink'
  | 'path_unlink_file'
> {
  return {
    path_create_directory: (args) => drive(createDirectory(context, args)),
    path_filestat_get: (args) => drive(stat(context, args)),
    path_filestat_set_times: (args) => drive(setTimes(context, args)),
    path_link: (args) => drive(link(context, args)),
    path_open: (args) => drive(open(context, args)),
    path_readlink: (args) => drive(readLink(context, args)),
    path_remove_directory: (args) => drive(removeDirectory(context, args)),
    path_rename: (args) => drive(rename(context, args)),
    path_symlink: (args) => drive(createSymlink(context, args)),
    path_unlink_file: (args) => drive(unlink(context, args)),
  };
}

interface PathArguments {
  readonly fd: Fd;
  readonly path: string;
}

function* locate(
  context: HostContext,
  { fd, path }: PathArguments,
  needed: number,
  followLast: boolean | 'name-itself' = false,
): Steps<Location> {
  const { node } = context.fds.directory(fd, needed);
  return yield* resolve(context.namespace, node, path, { followLast });
}

function follows(lookup: number): boolean {
  return (lookup & FOLLOW_SYMLINK) !== 0;
}

function existing(location: Location): Node {
  if (location.node === undefined) throw new FileError('ENOENT');
  return location.node;
}

/** The volume in which a name is to be made; EEXIST, EROFS. */
function volumeForNew(context: HostContext, { parent, name, node }: Location): Volume {
  if (node !== undefined || name === '') throw new FileError('EEXIST');
  return changeable(context, parent, name);
}

function changeable(context: HostContext, parent: Node, name: string): Volume {
  if (context.namespace.isMountPoint(parent, name)) throw new FileError('EBUSY');
  if (parent.mount.volume.readOnly) throw new FileError('EROFS');
  return parent.mount.volume;
}

function* createDirectory(context: HostContext, args: PathArguments): Steps<undefined> {
  const location = yield* locate(context, args, NEEDED.path_create_directory, 'name-itself');
  const volume = volumeForNew(context, location);
  yield* settle(volume.createDirectory(location.parent.inode, location.name));
  return undefined;
}

function* stat(context: HostContext, args: PathArguments & { lookup: number }): Steps<Filestat> {
  const followLast = follows(args.lookup);
  return yield* statNode(
    existing(yield* locate(context, args, NEEDED.path_filestat_get, followLast)),
  );
}

function* setTimes(
  context: HostContext,
  args: PathArguments & { lookup: number; accessed: bigint; modified: bigint; flags: number },
): Steps<undefined> {
  const change = timesChange(context.clock, args);
  const needed = NEEDED.path_filestat_set_times;
  const { mount, inode } = existing(yield* locate(context, args, needed, follows(args.lookup)));
  if (mount.volume.readOnly) throw new FileError('EROFS');
  yield* settle(mount.volume.setTimes(inode, change));
  return undefined;
}

function* readLink(
  context: HostContext,
  args: PathArguments & { into: number },
): Steps<Uint8Array> {
  const location = yield* locate(context, args, NEEDED.path_readlink);
  const { mount, inode } = existing(location);
  if (location.kind !== 'symlink') throw new FileError('EINVAL');
  return utf8.encode(yield* settle(mount.volume.readLink(inode))).subarray(0, args.into);
}

interface OpenArguments extends PathArguments {
  readonly lookup: number;
  readonly open: number;
  readonly base: bigint;
  readonly inheriting: bigint;
  readonly flags: number;
}

function* open(context: HostContext, args: OpenArguments): Steps<number> {
  const needed = neededToOpen(args.open, args.flags);
  const directory = context.fds.directory(args.fd, needed);
  if ((args.flags & ~ALL_FLAGS) !== 0) throw new FileError('EINVAL');
  const creates = (args.open & wasi.OFLAGS_CREAT) !== 0;
  const exclusive = (args.open & wasi.OFLAGS_EXCL) !== 0;
  const onlyDirectory = (args.open & wasi.OFLAGS_DIRECTORY) !== 0;
  if (creates && onlyDirectory) throw new FileError('EINVAL');
  context.fds.requireRoom();
  const followLast = follows(args.lookup) && !(creates && exclusive);
  const location = yield* locate(context, args, needed, followLast);
  if (location.node === undefined) {
    if (!creates) throw new FileError('ENOENT');
    return yield* openNew(context, directory, location, args);
  }
  if (creates && exclusive) throw new FileError('EEXIST');
  if (location.kind === 'symlink') throw new FileError('ELOOP');
  const place = { node: location.node, path: pathOf(directory, location) };
  if (location.kind === 'directory') return openDirectory(context, directory, place, args);
  if (onlyDirectory) throw new FileError('ENOTDIR');
  return yield* openFile(context, directory, place, args);
}

function* openNew(
  context: HostContext,
  directory: OpenDirectory,
  location: Location,
  args: OpenArguments,
): Steps<number> {
  if (location.wantsDirectory) throw new FileError('EISDIR');
  const volume = changeable(context, location.parent, location.name);
  const inode = yield* settle(volume.createFile(location.parent.inode, location.name));
  const node = { mount: location.parent.mount, inode };
  return openNode(context, directory, { node, path: pathOf(directory, location) }, args);
}

/** What is to be opened, and where it is. */
interface Place {
  readonly node: Node;
  readonly path: string;
}

function pathOf(directory: OpenDirectory, { names }: Location): string {
  const within = directory.path === '/' ? '' : directory.path;
  return names.length === 0 ? directory.path : `${within}/${names.join('/')}`;
}

function* openFile(
  context: HostContext,
  directory: OpenDirectory,
  place: Place,
  args: OpenArguments,
): Steps<number> {
  const { node } = place;
  const { volume } = node.mount;
  const truncates = (args.open & wasi.OFLAGS_TRUNC) !== 0;
  if (volume.readOnly && (truncates || wantsToWrite(args))) throw new FileError('EROFS');
  const fd = openNode(context, directory, place, args);
  try {
    if (truncates) yield* settle(volume.truncate(node.inode, 0));
  } catch (error) {
    context.fds.close(fd);
    throw error;
  }
  return fd;
}

function openNode(
  context: HostContext,
  directory: OpenDirectory,
  place: Place,
  { base, inheriting, flags }: OpenArguments,
): Fd {
  return context.fds.open({
    kind: 'file',
    ...place,
    position: 0,
    flags,
    rights: knownRights(base) & directory.inheriting,
    inheriting: knownRights(inheriting) & directory.inheriting,
  });
}

function wantsToWrite({ base }: OpenArguments): boolean {
  return hasRights(knownRights(base), WRITE);
}

function openDirectory(
  context: HostContext,
  directory: OpenDirectory,
  place: Place,
  args: OpenArguments,
): Fd {
  const { base, inheriting, flags } = args;
  const wantsFile = (args.open & (wasi.OFLAGS_CREAT | wasi.OFLAGS_TRUNC)) !== 0;
  if (wantsFile || wantsToWrite(args)) throw new FileError('EISDIR');
  return context.fds.open({
    kind: 'directory',
    ...place,
    flags,
    rights: knownRights(base) & directory.inheriting & DIRECTORY_RIGHTS,
    inheriting: knownRights(inheriting) & directory.inheriting,
  });
}

/** A name that is to go; what leads nowhere of its own (`.`, `..`, the root) can't. */
function removable(context: HostContext, location: Location): Volume {
  existing(location);
  if (location.name === '') throw new FileError('EBUSY');
  return changeable(context, location.parent, location.name);
}

function* unlink(context: HostContext, args: PathArguments): Steps<undefined> {
  const location = yield* locate(context, args, NEEDED.path_unlink_file, 'name-itself');
  existing(location);
  if (location.kind === 'directory') throw new FileError('EISDIR');
  if (location.wantsDirectory) throw new FileError('ENOTDIR');
  const volume = removable(context, location);
  yield* settle(volume.unlink(location.parent.inode, location.name));
  return undefined;
}

function* removeDirectory(context: HostContext, args: PathArguments): Steps<undefined> {
  const location = yield* locate(context, args, NEEDED.path_remove_directory, 'name-itself');
  existing(location);
  if (/(^|\/)\.\/*$/.test(args.path)) throw new FileError('EINVAL');
  if (/(^|\/)\.\.\/*$/.test(args.path)) throw new FileError('ENOTEMPTY');
  if (location.kind !== 'directory') throw new FileError('ENOTDIR');
  const volume = removable(context, location);
  if (containsMount(context, location)) throw new FileError('EBUSY');
  yield* settle(volume.removeDirectory(location.parent.inode, location.name));
  return undefined;
}

/** A directory that mount points lie in can't go: they would be lost. */
function containsMount(context: HostContext, { node }: Location): boolean {
  return node !== undefined && context.namespace.mountsIn(node) !== undefined;
}

function* rename(
  context: HostContext,
  { fd, path, toFd, toPath }: PathArguments & { toFd: Fd; toPath: string },
): Steps<undefined> {
  const { source, target } = NEEDED.path_rename;
  const from = yield* locate(context, { fd, path }, source, 'name-itself');
  const volume = removable(context, from);
  if (from.wantsDirectory && from.kind !== 'directory') throw new FileError('ENOTDIR');
  const to = yield* locate(context, { fd: toFd, path: toPath }, target, 'name-itself');
  if (to.name === '') throw new FileError('EBUSY');
  if (to.parent.mount !== from.parent.mount) throw new FileError('EXDEV');
  changeable(context, to.parent, to.name);
  if (containsMount(context, from) || containsMount(context, to)) throw new FileError('EBUSY');
  if (to.wantsDirectory && from.kind !== 'directory') throw new FileError('ENOTDIR');
  yield* settle(volume.rename(from.parent.inode, from.name, to.parent.inode, to.name));
  return undefined;
}

function* link(
  context: HostContext,
  args: PathArguments & { lookup: number; toFd: Fd; toPath: string },
): Steps<undefined> {
  const { source, target } = NEEDED.path_link;
  const from = yield* locate(context, args, source, follows(args.lookup));
  const node = existing(from);
  const place = { fd: args.toFd, path: args.toPath };
  const to = yield* locate(context, place, target, 'name-itself');
  if (from.kind === 'directory') throw new FileError('EPERM');
  if (to.node === undefined && to.wantsDirectory) throw new FileError('ENOENT');
  const volume = volumeForNew(context, to);
  if (to.parent.mount !== node.mount) throw new FileError('EXDEV');
  yield* settle(volume.link(node.inode, to.parent.inode, to.name));
  return undefined;
}

function* createSymlink(
  context: HostContext,
  args: PathArguments & { target: string },
): Steps<undefined> {
  if (args.target === '') throw new FileError('ENOENT');
  const location = yield* locate(context, args, NEEDED.path_symlink, 'name-itself');
  if (location.node === undefined && location.wantsDirectory) throw new FileError('ENOENT');
  const volume = volumeForNew(context, location);
  yield* settle(volume.createSymlink(location.parent.inode, location.name, args.target));
  return undefined;
}
