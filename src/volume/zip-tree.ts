/** The tree that the paths of one archive make. */
import type { ZipEntry } from './zip-directory';
import { ZipError } from './zip-error';

export interface ZipBranch {
  readonly kind: ZipEntry['kind'];
  /** A directory that is only implied has none. */
  entry: ZipEntry | undefined;
  /** Its own, or that of the newest entry which implies it. */
  modifiedNs: bigint;
  readonly children: Map<string, ZipBranch>;
}

/** Counts implied directories too: a single path can imply thousands. */
export function zipTree(entries: readonly ZipEntry[], maxEntries: number): ZipBranch {
  const top = branchOf('directory');
  let count = 0;
  for (const entry of entries) {
    let parent = top;
    const names = entry.path.split('/');
    for (const [index, name] of names.entries()) {
      const isLast = index === names.length - 1;
      if (!parent.entry && entry.modifiedNs > parent.modifiedNs) {
        parent.modifiedNs = entry.modifiedNs;
      }
      let branch = parent.children.get(name);
      if (!branch) {
        if (++count > maxEntries)
          throw new ZipError('zip-limit', `more than ${maxEntries} entries`);
        branch = branchOf(isLast ? entry.kind : 'directory');
        parent.children.set(name, branch);
      } else if (isLast && (branch.entry || entry.kind !== 'directory')) {
        throw new ZipError('zip-duplicate', 'the path is there twice', entry.path);
      }
      if (branch.kind !== 'directory' && !isLast) {
        throw new ZipError('zip-duplicate', `${name} is a file and a directory`, entry.path);
      }
      if (isLast) {
        branch.entry = entry;
        branch.modifiedNs = entry.modifiedNs;
      }
      parent = branch;
    }
  }
  return top;
}

function branchOf(kind: ZipEntry['kind']): ZipBranch {
  return { kind, entry: undefined, modifiedNs: 0n, children: new Map() };
}
