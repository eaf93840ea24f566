/** Zip archives into volumes, or into folders of them. */
import { FileError } from '../protocol/errno';
import { drive, type Maybe, type Steps, settle } from '../protocol/maybe';
import { putNode } from './replace';
import type { Attributes, Inode, Volume } from './volume';
import { copyContent, entriesOf } from './walk';
import { ZipVolume, type ZipVolumeOptions } from './zip-volume';

export interface ZipImportProgress {
  /** Files, directories and links that are done. */
  readonly entries: number;
  /** Of the content of files. */
  readonly bytes: number;
  readonly totalBytes: number;
}

export interface ZipImportOptions extends ZipVolumeOptions {
  /** Hears of each entry that is done. A promise makes the import wait, and one that rejects ends it. */
  readonly onProgress?: ((progress: ZipImportProgress) => Maybe<void>) | undefined;
}

/**
 * Brings an archive into a directory: folders that are there are kept, files and links are replaced,
 * each in one step where the volume can. Throws `ZipError` for an archive that is broken or hostile
 * before anything is written, and `FileError` if the volume refuses, with a part of it done.
 */
export async function importZip(
  volume: Volume,
  archive: Uint8Array | Blob,
  directory = volume.root,
  { onProgress = () => undefined, ...limits }: ZipImportOptions = {},
): Promise<void> {
  const bytes = archive instanceof Blob ? new Uint8Array(await archive.arrayBuffer()) : archive;
  const zip = ZipVolume.from(bytes, limits);
  const { bytes: totalBytes } = await zip.usage();
  let [entries, done] = [0, 0];
  const onEntry = (bytes: number): Maybe<void> => {
    entries += 1;
    done += bytes;
    return onProgress({ entries, bytes: done, totalBytes });
  };
  await drive(copyTree(zip, volume, directory, onEntry));
}

function* copyTree(
  from: Volume,
  to: Volume,
  target: Inode,
  onEntry: (bytes: number) => Maybe<void>,
): Steps<void> {
  const pending = [{ source: from.root, target }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const { name, inode, kind } of yield* entriesOf(from, next.source)) {
      const there = yield* thereOf(to, next.target, name);
      const directory = next.target;
      let bytes = 0;
      if (kind === 'directory') {
        if (there !== undefined && there.kind !== 'directory') throw new FileError('EEXIST', name);
        const made = there?.inode ?? (yield* settle(to.createDirectory(directory, name)));
        pending.push({ source: inode, target: made });
      } else if (kind === 'symlink') {
        if (there?.kind === 'directory') throw new FileError('EEXIST', name);
        const link = yield* settle(from.readLink(inode));
        yield* putNode(to, directory, name, there?.inode, {
          create: (free) => to.createSymlink(directory, free, link),
          *fill() {},
        });
      } else {
        if (there !== undefined && there.kind !== 'file') throw new FileError('EEXIST', name);
        const attributes = yield* settle(from.attributes(inode));
        yield* putNode(to, directory, name, there?.inode, {
          create: (free) => to.createFile(directory, free),
          fill: (file) => copyContent(from, inode, to, file, attributes),
        });
        bytes = attributes.size;
      }
      yield* settle(onEntry(bytes));
    }
  }
}

function* thereOf(volume: Volume, directory: Inode, name: string): Steps<Attributes | undefined> {
  const inode = yield* settle(volume.lookup(directory, name));
  return inode === undefined ? undefined : yield* settle(volume.attributes(inode));
}
