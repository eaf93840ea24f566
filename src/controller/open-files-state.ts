/**
 * A guest's open files as plain data. One in a volume of the sandbox's own is known by its node, as the volume
 * comes along; one in a volume of the page's by its path, where it has to be found again.
 */
import { ImageError } from '../errors';
import { drive } from '../protocol/maybe';
import type { Fd } from '../protocol/numbers';
import type { Inode } from '../volume/volume';
import {
  ALL_FLAGS,
  type FdTable,
  type OpenFile,
  openStream,
  preopenDirectory,
  type StreamName,
} from './fd-table';
import type { Tree } from './guest-world';
import type { Namespace, Node } from './namespace';
import { resolve } from './resolver';
import { ALL_RIGHTS, DIRECTORY_RIGHTS, hasRights, WRITE } from './rights';

export interface PlaceState {
  readonly path: string;
  /** In a volume of the sandbox's own: where that is mounted, and the node. */
  readonly own: { readonly mount: string; readonly inode: Inode } | undefined;
}

/** As `OpenFile` has them, or any numbers that are not. */
export interface FileRights {
  readonly rights: number;
  readonly inheriting: number;
}

export type OpenFileState = FileRights & { readonly fd: Fd } & (
    | { readonly kind: 'stream'; readonly stream: StreamName; readonly flags: number }
    | { readonly kind: 'root' }
    | {
        readonly kind: 'file' | 'directory';
        readonly place: PlaceState;
        readonly flags: number;
        /** Of a file; 0 for a directory. */
        readonly position: number;
      }
  );

/** Throws `ImageError` for a file of the page's that is no longer where it was opened. */
export async function captureFiles(fds: FdTable, tree: Tree): Promise<OpenFileState[]> {
  const states: OpenFileState[] = [];
  for (const [fd, file] of fds.entries()) {
    const { flags, rights, inheriting } = file;
    const common = { fd, rights, inheriting };
    if (file.kind === 'stream') {
      states.push({ ...common, kind: 'stream', stream: file.stream, flags });
    } else if (file.kind === 'directory' && file.preopen !== undefined) {
      states.push({ ...common, kind: 'root' });
    } else {
      const place = await placeOf(file, tree);
      const position = file.kind === 'file' ? file.position : 0;
      states.push({ ...common, kind: file.kind, place, flags, position });
    }
  }
  return states;
}

async function placeOf(
  { node, path }: { readonly node: Node; readonly path: string },
  { namespace, own }: Tree,
): Promise<PlaceState> {
  const { mount, inode } = node;
  if (own.has(mount.path)) return { path, own: { mount: mount.path, inode } };
  const found = await find(namespace, path);
  if (found?.mount !== mount || found.inode !== inode) {
    throw new ImageError('file', `${path} is open, but it is not there any more`);
  }
  return { path, own: undefined };
}

/** Opens everything again, as it was, in a table that no guest has used yet. Throws `ImageError`. */
export async function restoreFiles(
  states: readonly OpenFileState[],
  fds: FdTable,
  tree: Tree,
  terminal: Readonly<Record<StreamName, boolean>>,
): Promise<void> {
  if (states.length > fds.most) throw new ImageError('file', 'it has more files open than it may');
  const files = new Map<Fd, OpenFile>();
  for (const state of states) {
    if (files.has(state.fd)) throw new ImageError('damaged', `two files are number ${state.fd}`);
    files.set(state.fd, await reopen(state, tree, terminal));
  }
  try {
    fds.restore(files);
  } catch (error) {
    throw new ImageError('file', `its files can't be opened: ${String(error)}`);
  }
}

async function reopen(
  state: OpenFileState,
  tree: Tree,
  terminal: Readonly<Record<StreamName, boolean>>,
): Promise<OpenFile> {
  // Whoever wrote the image chose flags and rights: they may be anything.
  switch (state.kind) {
    case 'stream': {
      const stream = openStream(state.stream, terminal[state.stream]);
      return { ...stream, flags: state.flags & ALL_FLAGS, rights: state.rights & stream.rights };
    }
    case 'root': {
      const root = preopenDirectory(tree.namespace.root, '/');
      const rights = state.rights & root.rights;
      return { ...root, rights, inheriting: state.inheriting & root.inheriting };
    }
    default: {
      const { kind, place, position } = state;
      const node = await attempt(place, () => nodeAt(place, tree));
      const { volume } = node.mount;
      const attributes = await attempt(place, async () => volume.attributes(node.inode));
      if (attributes.kind !== kind) throw missing(place, `it is no ${kind} any more`);
      const rights = state.rights & (kind === 'directory' ? DIRECTORY_RIGHTS : ALL_RIGHTS);
      const inheriting = state.inheriting & ALL_RIGHTS;
      const common = { node, path: place.path, flags: state.flags & ALL_FLAGS, rights, inheriting };
      if (kind === 'directory') return { ...common, kind };
      if (volume.readOnly && hasRights(rights, WRITE)) throw missing(place, 'it is read-only now');
      return { ...common, kind, position };
    }
  }
}

async function nodeAt({ path, own }: PlaceState, tree: Tree): Promise<Node> {
  if (own !== undefined && !tree.own.has(own.mount)) {
    throw new Error(`${own.mount} is no volume of its own`);
  }
  const found = await find(tree.namespace, own?.mount ?? path);
  if (found === undefined) throw new Error('it is not there');
  return own === undefined ? found : { mount: found.mount, inode: own.inode };
}

/** Undefined for what is not there. */
async function find(namespace: Namespace, path: string): Promise<Node | undefined> {
  const relative = path.replace(/^\/+/, '');
  if (relative === '') return namespace.root;
  const options = { followLast: false };
  const location = await drive(resolve(namespace, namespace.root, relative, options));
  return location.node;
}

async function attempt<T>(place: PlaceState, look: () => Promise<T>): Promise<T> {
  try {
    return await look();
  } catch (error) {
    throw missing(place, error instanceof Error ? error.message : String(error));
  }
}

function missing({ path }: PlaceState, why: string): ImageError {
  return new ImageError('file', `${path} was open, but ${why}`);
}
