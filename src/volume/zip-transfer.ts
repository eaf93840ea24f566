/** Volumes, or folders of them, as zip archives: out to the user's disk and in from it. */
import { Zip, ZipDeflate, ZipPassThrough } from 'fflate';
import { FileError } from '../protocol/errno';
import { drive, type Maybe, type Steps, settle } from '../protocol/maybe';
import type { Attributes, Inode, Volume } from './volume';
import { COPY_BYTES, copyContent, entriesOf } from './walk';
import { ZipVolume, type ZipVolumeOptions } from './zip-volume';

/** What Unix calls a symbolic link, in the half of the attributes that is Unix's. */
const SYMLINK_ATTRIBUTES = (0o120777 << 16) >>> 0;
/** Permissions that everybody expects, as volumes have none. */
const FILE_ATTRIBUTES = (0o100644 << 16) >>> 0;
const DIRECTORY_ATTRIBUTES = ((0o040755 << 16) | 0x10) >>> 0;
const UNIX = 3;

/** A zip can tell the time from here on. */
const EARLIEST_MS = Date.UTC(1980, 0, 1);
const LATEST_MS = Date.UTC(2099, 11, 31);

const utf8 = new TextEncoder();

/**
 * Everything below a directory as a zip archive. Its parts come as they are made, so a large volume
 * is not in memory as a whole. Of a file with several names each one has the content.
 */
export function exportZip(volume: Volume, directory = volume.root): ReadableStream<Uint8Array> {
  let cancelled = false;
  let goOn: (() => void) | undefined;
  const source: UnderlyingDefaultSource<Uint8Array> = {
    start(controller) {
      const zip = new Zip((error, part, final) => {
        if (cancelled) return;
        if (error) return controller.error(error);
        if (part.length > 0) controller.enqueue(part);
        if (final) controller.close();
      });
      const pause = (): Maybe<void> => {
        if (cancelled) throw new Error('the export was cancelled');
        if ((controller.desiredSize ?? 0) > 0) return undefined;
        return new Promise((resolve) => {
          goOn = resolve;
        });
      };
      (async () => drive(addTree(volume, directory, '', zip, pause)))().catch((error: unknown) => {
        if (!cancelled) controller.error(error);
      });
    },
    pull: () => goOn?.(),
    cancel() {
      cancelled = true;
      goOn?.();
    },
  };
  return new ReadableStream(source, new ByteLengthQueuingStrategy({ highWaterMark: COPY_BYTES }));
}

/** The same in one piece, for a link that downloads it. */
export function exportZipBlob(volume: Volume, directory = volume.root): Promise<Blob> {
  const headers = { 'content-type': 'application/zip' };
  return new Response(exportZip(volume, directory), { headers }).blob();
}

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

function* addTree(
  volume: Volume,
  directory: Inode,
  path: string,
  zip: Zip,
  pause: () => Maybe<void>,
): Steps<void> {
  for (const { name, inode, kind } of yield* entriesOf(volume, directory)) {
    yield* settle(pause());
    const attributes = yield* settle(volume.attributes(inode));
    if (kind === 'directory') {
      addPiece(zip, `${path}${name}/`, attributes, DIRECTORY_ATTRIBUTES, new Uint8Array(0));
      yield* addTree(volume, inode, `${path}${name}/`, zip, pause);
    } else if (kind === 'symlink') {
      const target = utf8.encode(yield* settle(volume.readLink(inode)));
      addPiece(zip, path + name, attributes, SYMLINK_ATTRIBUTES, target);
    } else yield* addFile(volume, attributes, path + name, zip, pause);
  }
  if (path === '') zip.end();
}

function addPiece(
  zip: Zip,
  name: string,
  attributes: Attributes,
  attrs: number,
  content: Uint8Array,
): void {
  const entry = new ZipPassThrough(name);
  stamp(entry, attributes, attrs);
  zip.add(entry);
  entry.push(content, true);
}

function* addFile(
  volume: Volume,
  attributes: Attributes,
  name: string,
  zip: Zip,
  pause: () => Maybe<void>,
): Steps<void> {
  const entry = new ZipDeflate(name, { level: 6 });
  stamp(entry, attributes, FILE_ATTRIBUTES);
  zip.add(entry);
  for (let offset = 0; ; ) {
    yield* settle(pause());
    const bytes = yield* settle(volume.read(attributes.inode, offset, COPY_BYTES));
    offset += bytes.length;
    const last = bytes.length < COPY_BYTES;
    // A view of the store is valid until the next call, and the compressor keeps what it is given.
    entry.push(bytes.slice(), last);
    if (last) return;
  }
}

function stamp(
  entry: ZipDeflate | ZipPassThrough,
  { modifiedNs }: Attributes,
  attrs: number,
): void {
  const ms = Number(modifiedNs / 1_000_000n);
  const there = new Date(Math.min(Math.max(ms, EARLIEST_MS), LATEST_MS));
  // Archives have no time zone: read as local time, by fflate as by others, it has to be shifted.
  entry.mtime = new Date(there.getTime() + there.getTimezoneOffset() * 60_000);
  entry.os = UNIX;
  entry.attrs = attrs;
}

function* copyTree(from: Volume, source: Inode, to: Volume, target: Inode): Steps<void> {
  for (const { name, inode, kind } of yield* entriesOf(from, source)) {
    const there = yield* settle(to.lookup(target, name));
    if (kind === 'directory') {
      const directory = there ?? (yield* settle(to.createDirectory(target, name)));
      yield* copyTree(from, inode, to, directory);
    } else if (kind === 'symlink') {
      if (there !== undefined) yield* settle(to.unlink(target, name));
      yield* settle(to.createSymlink(target, name, yield* settle(from.readLink(inode))));
    } else {
      if (there !== undefined && (yield* settle(to.attributes(there))).kind !== 'file') {
        throw new FileError('EEXIST', name);
      }
      const file = there ?? (yield* settle(to.createFile(target, name)));
      yield* settle(to.truncate(file, 0));
      yield* copyContent(from, inode, to, file, yield* settle(from.attributes(inode)));
    }
  }
}
