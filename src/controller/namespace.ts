/**
 * The tree of names that a guest sees: volumes mounted on one another. A mount point is a name in
 * the covering volume's directory that leads elsewhere; nothing is written into that volume for
 * it, and while the sandbox lives the name can't be removed or replaced.
 */
import { MountError } from '../errors';
import { drive, type Maybe, type Steps, settle } from '../protocol/maybe';
import type { Inode, NodeKind, Volume } from '../volume/volume';

/** As long as a name may be in the volumes that lead to the mounts. */
const MAX_NAME_BYTES = 255;

const utf8 = new TextEncoder();

export interface Mount {
  readonly volume: Volume;
  /** Tells files of different volumes apart, as `st_dev` does. */
  readonly device: bigint;
  readonly path: string;
}

/** A place in the tree. */
export interface Node {
  readonly mount: Mount;
  readonly inode: Inode;
}

type MountsByName = Map<string, Mount>;

export interface ListedEntry {
  readonly name: string;
  readonly inode: Inode;
  readonly kind: NodeKind;
  /** Greater than 0; what the mount points add to a volume's keeps them safe integers. */
  readonly cookie: number;
}

export class Namespace {
  readonly root: Node;
  readonly #covered = new Map<Mount, Map<Inode, MountsByName>>();

  private constructor(root: Mount) {
    this.root = rootOf(root);
  }

  /**
   * `base` is the volume at `/`; `mounts` maps absolute paths to volumes. A mount's parent must be
   * a directory by then. Throws `MountError`.
   */
  static create(base: Volume, mounts: Iterable<readonly [string, Volume]>): Maybe<Namespace> {
    return drive(createNamespace(base, mounts));
  }

  static fromRoot(root: Mount): Namespace {
    return new Namespace(root);
  }

  cover(parent: Node, name: string, mount: Mount): void {
    let directories = this.#covered.get(parent.mount);
    if (directories === undefined) {
      directories = new Map();
      this.#covered.set(parent.mount, directories);
    }
    let names = directories.get(parent.inode);
    if (names === undefined) {
      names = new Map();
      directories.set(parent.inode, names);
    }
    names.set(name, mount);
  }

  *lookup(directory: Node, name: string): Steps<Node | undefined> {
    const mount = this.mountsIn(directory)?.get(name);
    if (mount !== undefined) return rootOf(mount);
    const inode = yield* settle(directory.mount.volume.lookup(directory.inode, name));
    return inode === undefined ? undefined : { mount: directory.mount, inode };
  }

  /** The mount points in a directory, by name. */
  mountsIn(directory: Node): ReadonlyMap<string, Mount> | undefined {
    return this.#covered.get(directory.mount)?.get(directory.inode);
  }

  isMountPoint(directory: Node, name: string): boolean {
    return this.mountsIn(directory)?.has(name) ?? false;
  }

  /**
   * Entries of a directory with cookies that count the mount points in first: they stay where they
   * are, so the volume's own cookies move by a constant.
   */
  *list(directory: Node, after: number, limit: number): Steps<readonly ListedEntry[]> {
    const { volume } = directory.mount;
    const mounts = this.mountsIn(directory);
    if (mounts === undefined) return yield* settle(volume.list(directory.inode, after, limit));
    const entries: ListedEntry[] = [];
    let cookie = 0;
    for (const [name, mount] of mounts) {
      cookie++;
      if (cookie <= after || entries.length === limit) continue;
      entries.push({ name, inode: mount.volume.root, kind: 'directory', cookie });
    }
    let ownAfter = Math.max(0, after - mounts.size);
    while (entries.length < limit) {
      const own = yield* settle(volume.list(directory.inode, ownAfter, limit - entries.length));
      for (const entry of own) {
        ownAfter = entry.cookie;
        if (mounts.has(entry.name)) continue;
        entries.push({ ...entry, cookie: ownAfter + mounts.size });
      }
      // A page of nothing but covered names is not the end.
      if (entries.length > 0 || own.length === 0) break;
    }
    return entries;
  }
}

function rootOf(mount: Mount): Node {
  return { mount, inode: mount.volume.root };
}

function* createNamespace(
  base: Volume,
  mounts: Iterable<readonly [string, Volume]>,
): Steps<Namespace> {
  const namespace = Namespace.fromRoot({ volume: base, device: 1n, path: '/' });
  const taken = new Set<string>();
  const sorted = [...mounts].map(([path, volume]) => ({ parts: splitPath(path), path, volume }));
  // Shorter first: a volume may be mounted inside another one.
  sorted.sort((a, b) => a.parts.length - b.parts.length);
  let device = 2n;
  for (const { parts, path, volume } of sorted) {
    const normal = `/${parts.join('/')}`;
    if (taken.has(normal)) throw new MountError(`two mounts on ${normal}`);
    taken.add(normal);
    const name = parts.at(-1) ?? '';
    const parent = yield* findParent(namespace, parts, path);
    const existing = yield* namespace.lookup(parent, name);
    if (existing !== undefined) {
      const { kind } = yield* settle(existing.mount.volume.attributes(existing.inode));
      if (kind !== 'directory') throw new MountError(`mount ${path}: ${normal} is not a directory`);
    }
    namespace.cover(parent, name, { volume, device: device++, path: normal });
  }
  return namespace;
}

function* findParent(namespace: Namespace, parts: string[], path: string): Steps<Node> {
  let node = namespace.root;
  for (const [depth, part] of parts.slice(0, -1).entries()) {
    const next = yield* namespace.lookup(node, part);
    const name = `/${parts.slice(0, depth + 1).join('/')}`;
    if (next === undefined) throw new MountError(`mount ${path}: there is no ${name}`);
    const { kind } = yield* settle(next.mount.volume.attributes(next.inode));
    if (kind !== 'directory') throw new MountError(`mount ${path}: ${name} is not a directory`);
    node = next;
  }
  return node;
}

/** The components of an absolute path; throws `MountError` for one that can't be a mount point. */
export function splitPath(path: string): string[] {
  if (!path.startsWith('/')) throw new MountError(`mount ${path}: the path must be absolute`);
  const parts = path.split('/').filter((part) => part !== '');
  if (parts.length === 0) throw new MountError("mount /: the root is the sandbox's own");
  if (parts.some((part) => part === '.' || part === '..' || part.includes('\0'))) {
    throw new MountError(`mount ${path}: the path must be plain`);
  }
  if (parts.some((part) => !part.isWellFormed() || utf8.encode(part).length > MAX_NAME_BYTES)) {
    throw new MountError(`mount ${path}: a name in it is too long, or no text`);
  }
  return parts;
}
