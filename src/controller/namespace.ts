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
  /** Greater than 0; a volume's cookies may be any safe integer, so these need more room. */
  readonly cookie: bigint;
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
  *list(directory: Node, after: bigint, limit: number): Steps<readonly ListedEntry[]> {
    const mounts = [...(this.mountsIn(directory) ?? [])];
    const moved = BigInt(mounts.length);
    const entries: ListedEntry[] = [];
    for (const [index, [name, mount]] of mounts.entries()) {
      if (BigInt(index) < after || entries.length === limit) continue;
      const cookie = BigInt(index + 1);
      entries.push({ name, inode: mount.volume.root, kind: 'directory', cookie });
    }
    let ownAfter = after > moved ? after - moved : 0n;
    while (entries.length < limit && ownAfter < BigInt(Number.MAX_SAFE_INTEGER)) {
      const own = yield* settle(
        directory.mount.volume.list(directory.inode, Number(ownAfter), limit - entries.length),
      );
      for (const { name, inode, kind, cookie } of own) {
        ownAfter = BigInt(cookie);
        if (this.isMountPoint(directory, name)) continue;
        entries.push({ name, inode, kind, cookie: ownAfter + moved });
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
