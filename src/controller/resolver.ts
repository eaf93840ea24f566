/**
 * Paths to nodes: the one place that walks names. A path comes from a hostile program; whatever it
 * says, the walk stays under the directory that it started from, or under `/` where it started
 * there, and ends after a bounded number of steps.
 */
import { FileError } from '../protocol/errno';
import { type Steps, settle } from '../protocol/maybe';
import { MAX_PATH_BYTES } from '../protocol/numbers';
import type { NodeKind } from '../volume/volume';
import type { Namespace, Node } from './namespace';

/** As many as Linux follows before it says ELOOP. */
const MAX_SYMLINKS = 40;

const utf8 = new TextEncoder();

/** Where a path leads: a name in a directory, and what has that name now, if anything. */
export interface Location {
  readonly parent: Node;
  /** The last component; empty when that was `.` or `..`, or the path led to `/` itself. */
  readonly name: string;
  readonly node: Node | undefined;
  readonly kind: NodeKind | undefined;
  /** The path ended in a slash, in `.` or in `..`: it can only mean a directory. */
  readonly wantsDirectory: boolean;
  /** The names from the directory that the walk started in to there, without links and `..`. */
  readonly names: readonly string[];
}

export interface ResolveOptions {
  /**
   * Whether a symbolic link at the end is followed. Without, one before a slash still is, but not
   * for calls that make, remove or rename the name itself: they find whatever has it.
   */
  readonly followLast: boolean | 'name-itself';
}

/** `start` is a directory. */
export function* resolve(
  namespace: Namespace,
  start: Node,
  path: string,
  options: ResolveOptions,
): Steps<Location> {
  if (path === '') throw new FileError('ENOENT');
  // No UTF-16 unit takes more than three bytes: most paths are known to fit without being counted.
  if (
    path.length * 3 > MAX_PATH_BYTES &&
    (path.length > MAX_PATH_BYTES || utf8.encode(path).length > MAX_PATH_BYTES)
  ) {
    throw new FileError('ENAMETOOLONG');
  }
  // WASI paths are relative to a directory; an absolute one would not be.
  if (path.startsWith('/')) throw new FileError('EPERM');

  const atRoot = start.mount === namespace.root.mount && start.inode === namespace.root.inode;
  const trail: Node[] = [start];
  const names: string[] = [];
  // Components still to go, the next one at the end.
  let pending = components(path).reverse();
  let wantsDirectory = path.endsWith('/');
  let symlinks = 0;
  let location = whole(start, names);

  while (pending.length > 0) {
    const name = pending.pop() ?? '';
    const current = trail.at(-1) ?? start;
    if (name === '.' || name === '..') {
      if (name === '..') {
        if (trail.length > 1) {
          trail.pop();
          names.pop();
        } else if (!atRoot) throw new FileError('EPERM');
      }
      location = whole(trail.at(-1) ?? start, names);
      continue;
    }
    const node = yield* namespace.lookup(current, name);
    const last = pending.length === 0;
    if (node === undefined) {
      if (!last) throw new FileError('ENOENT');
      names.push(name);
      return { parent: current, name, node, kind: undefined, wantsDirectory, names };
    }
    const { kind } = yield* settle(node.mount.volume.attributes(node.inode));
    // What has to be a directory for the walk, or for what the call is about.
    const entered = !last || (wantsDirectory && options.followLast !== 'name-itself');
    if (kind === 'symlink' && (entered || options.followLast === true)) {
      if (++symlinks > MAX_SYMLINKS) throw new FileError('ELOOP');
      const target = yield* settle(node.mount.volume.readLink(node.inode));
      if (target === '') throw new FileError('ENOENT');
      if (target.startsWith('/')) {
        if (!atRoot) throw new FileError('EPERM');
        trail.length = 1;
        names.length = 0;
        // It may be `/` itself, with no name to follow.
        location = whole(start, names);
      }
      if (last) wantsDirectory ||= target.endsWith('/');
      pending = [...pending, ...components(target).reverse()];
      if (pending.length > MAX_PATH_BYTES) throw new FileError('ENAMETOOLONG');
      continue;
    }
    if (entered && kind !== 'directory') throw new FileError('ENOTDIR');
    names.push(name);
    location = { parent: current, name, node, kind, wantsDirectory, names };
    trail.push(node);
  }
  return location;
}

function components(path: string): string[] {
  return path.split('/').filter((name) => name !== '');
}

/** A directory by itself: the path had no name of its own for it. */
function whole(node: Node, names: readonly string[]): Location {
  return { parent: node, name: '', node, kind: 'directory', wantsDirectory: true, names };
}
