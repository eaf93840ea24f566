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

export function* removeTree(volume: Volume, directory: Inode, name: string): Steps<void> {
  const inode = yield* settle(volume.lookup(directory, name));
  if (inode === undefined) return;
  const { kind } = yield* settle(volume.attributes(inode));
  if (kind !== 'directory') {
    yield* settle(volume.unlink(directory, name));
    return;
  }
  for (const entry of yield* entriesOf(volume, inode)) yield* removeTree(volume, inode, entry.name);
  yield* settle(volume.removeDirectory(directory, name));
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
