/** Zip archives into volumes, or into folders of them. */
import { FileError } from '../protocol/errno';
import { drive, type Steps, settle } from '../protocol/maybe';
import { putNode } from './replace';
import type { Attributes, Inode, Volume } from './volume';
import { copyContent, entriesOf } from './walk';
import { ZipVolume, type ZipVolumeOptions } from './zip-volume';

/**
 * Brings an archive into a directory: folders that are there are kept, files and links are replaced,
 * each in one step where the volume can. Throws `ZipError` for an archive that is broken or hostile
 * before anything is written, and `FileError` if the volume refuses, with a part of it done.
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
      const there = yield* thereOf(to, next.target, name);
      const directory = next.target;
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
      }
    }
  }
}

function* thereOf(volume: Volume, directory: Inode, name: string): Steps<Attributes | undefined> {
  const inode = yield* settle(volume.lookup(directory, name));
  return inode === undefined ? undefined : yield* settle(volume.attributes(inode));
}
