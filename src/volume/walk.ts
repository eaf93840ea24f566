/** Going through volumes as a whole, whichever store they are. */
import { type Steps, settle } from '../protocol/maybe';
import type { Attributes, DirectoryEntry, Inode, Volume } from './volume';

const PAGE = 1000;

/** As much as is in memory at a time when content is copied. */
export const COPY_BYTES = 1024 * 1024;

export function* entriesOf(volume: Volume, directory: Inode): Steps<DirectoryEntry[]> {
  const entries: DirectoryEntry[] = [];
  for (let after = 0; ; ) {
    const page = yield* settle(volume.list(directory, after, PAGE));
    const last = page.at(-1);
    if (last === undefined) return entries;
    entries.push(...page);
    after = last.cookie;
  }
}

/** Trees may be deeper than the stack of calls. */
export function* removeTree(volume: Volume, directory: Inode, name: string): Steps<void> {
  const pending = [{ directory, name, emptied: false }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (next.emptied) {
      yield* settle(volume.removeDirectory(next.directory, next.name));
      continue;
    }
    const inode = yield* settle(volume.lookup(next.directory, next.name));
    if (inode === undefined) continue;
    const { kind } = yield* settle(volume.attributes(inode));
    if (kind !== 'directory') {
      yield* settle(volume.unlink(next.directory, next.name));
      continue;
    }
    pending.push({ ...next, emptied: true });
    for (const entry of yield* entriesOf(volume, inode)) {
      pending.push({ directory: inode, name: entry.name, emptied: false });
    }
  }
}

/** The whole content of a file of one volume to a file of another, or of the same. */
export function* copyContent(
  from: Volume,
  source: Inode,
  to: Volume,
  target: Inode,
  { size, modifiedNs, accessedNs }: Attributes,
): Steps<void> {
  for (let offset = 0; offset < size; offset += COPY_BYTES) {
    const bytes = yield* settle(from.read(source, offset, Math.min(COPY_BYTES, size - offset)));
    yield* settle(to.write(target, offset, bytes));
  }
  yield* settle(to.setTimes(target, { modifiedNs, accessedNs }));
}
