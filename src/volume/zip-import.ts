/** Zip archives into volumes, or into folders of them. */
import { FileError } from '../protocol/errno';
import { drive, type Steps, settle } from '../protocol/maybe';
import type { Inode, Volume } from './volume';
import { copyContent, entriesOf } from './walk';
import { ZipVolume, type ZipVolumeOptions } from './zip-volume';

/**
 * Brings an archive into a directory: folders that are there are kept, files are replaced. Throws
 * `ZipError` for an archive that is broken or hostile before anything is written, and `FileError`
 * if the volume refuses, with a part of it done.
 */
export async function importZip(
  volume: Volume,
  archive: Uint8Array | Blob,
  directory = volume.root,
  limits: ZipVolumeOptions = {},
): Promise<void> {
  const bytes = archive instanceof Blob ? new Uint8Array(await archive.arrayBuffer()) : archive;
  const zip = ZipVolume.from(bytes, limits);
  await drive(copyTree(zip, zip.root, volume, directory));
}

function* copyTree(from: Volume, source: Inode, to: Volume, target: Inode): Steps<void> {
  const pending = [{ source, target }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const { name, inode, kind } of yield* entriesOf(from, next.source)) {
      const there = yield* settle(to.lookup(next.target, name));
      if (kind === 'directory') {
        const directory = there ?? (yield* settle(to.createDirectory(next.target, name)));
        pending.push({ source: inode, target: directory });
      } else if (kind === 'symlink') {
        if (there !== undefined) yield* settle(to.unlink(next.target, name));
        const link = yield* settle(from.readLink(inode));
        yield* settle(to.createSymlink(next.target, name, link));
      } else {
        if (there !== undefined && (yield* settle(to.attributes(there))).kind !== 'file') {
          throw new FileError('EEXIST', name);
        }
        const file = there ?? (yield* settle(to.createFile(next.target, name)));
        yield* settle(to.truncate(file, 0));
        yield* copyContent(from, inode, to, file, yield* settle(from.attributes(inode)));
      }
    }
  }
}
