/** Volumes, or folders of them, as zip archives, made while they are read. */
import { Zip, ZipDeflate, ZipPassThrough } from 'fflate';
import { FileError } from '../protocol/errno';
import { drive, type Maybe, type Steps, settle } from '../protocol/maybe';
import type { Attributes, Inode, Volume } from './volume';
import { COPY_BYTES, entriesOf } from './walk';
import { checkZipContent, ZipRoom } from './zip-room';

/** What Unix calls a symbolic link, in the half of the attributes that is Unix's. */
const SYMLINK_ATTRIBUTES = (0o120777 << 16) >>> 0;
/** Permissions that everybody expects, as volumes have none. */
const FILE_ATTRIBUTES = (0o100644 << 16) >>> 0;
const DIRECTORY_ATTRIBUTES = ((0o040755 << 16) | 0x10) >>> 0;
const UNIX = 3;

/** An entry has three parts, mostly of some bytes: they are handed on together. */
const GATHERED_BYTES = 64 * 1024;

/** A zip can tell the time from here on. */
const EARLIEST_MS = Date.UTC(1980, 0, 1);
const LATEST_MS = Date.UTC(2099, 11, 31);

const utf8 = new TextEncoder();

/**
 * Everything below a directory as a zip archive. Its parts come as they are made, so a large volume
 * is not in memory as a whole. Of a file with several names each one has the content; what is
 * removed before its turn comes is left out. The stream ends with `ZipError` before it would become
 * an archive that can't be read: `zip-limit` (more than 65,534 entries, 4 GiB), `zip-name` (a path
 * of more than 4096 bytes, a name of more than 255).
 */
export function exportZip(volume: Volume, directory = volume.root): ReadableStream<Uint8Array> {
  let cancelled = false;
  let goOn: (() => void) | undefined;
  const source: UnderlyingDefaultSource<Uint8Array> = {
    start(controller) {
      const pause = (): Maybe<void> => {
        if (cancelled) throw new Error('the export was cancelled');
        if ((controller.desiredSize ?? 0) > 0) return undefined;
        return new Promise((resolve) => {
          goOn = resolve;
        });
      };
      const made = new ZipExport(volume, pause, (part) => controller.enqueue(part));
      (async () => drive(made.run(directory)))()
        .then(() => controller.close())
        .catch((error: unknown) => {
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

interface Source {
  readonly inode: Inode;
  /** In the archive; `''` for the directory that the export begins with. */
  readonly path: string;
}

class ZipExport {
  readonly #volume: Volume;
  readonly #pause: () => Maybe<void>;
  readonly #zip: Zip;
  readonly #enqueue: (part: Uint8Array) => void;
  readonly #gathered = new Uint8Array(GATHERED_BYTES);
  #gatheredBytes = 0;
  readonly #room = new ZipRoom();
  #name = '';
  #complete = false;

  /** `pause` answers when there is room for more, and throws when nobody wants it any more. */
  constructor(volume: Volume, pause: () => Maybe<void>, enqueue: (part: Uint8Array) => void) {
    this.#volume = volume;
    this.#pause = pause;
    this.#enqueue = enqueue;
    this.#zip = new Zip((error, part) => {
      if (error) throw error;
      // The directory at the end is counted already.
      if (!this.#complete) this.#room.add(part.length, this.#name);
      this.#put(part);
    });
  }

  *run(directory: Inode): Steps<void> {
    this.#volume.retain(directory);
    try {
      // In order, last first.
      const pending: Source[] = [{ inode: directory, path: '' }];
      for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
        yield* settle(this.#pause());
        for (const source of yield* this.#unlessGone(next, directory)) pending.push(source);
      }
    } finally {
      giveUp(this.#volume, directory);
    }
    this.#complete = true;
    this.#zip.end();
    this.#flush();
  }

  /** What is open stays, so nothing that a guest removes meanwhile ends the export. */
  *#unlessGone(source: Source, directory: Inode): Steps<Source[]> {
    const volume = this.#volume;
    try {
      volume.retain(source.inode);
    } catch (refusal) {
      yield* this.#refuseIfClosed(refusal, directory);
      return [];
    }
    try {
      return yield* this.#add(source, directory);
    } finally {
      giveUp(volume, source.inode);
    }
  }

  /** What was removed is gone; but then not the directory that is held. */
  *#refuseIfClosed(refusal: unknown, directory: Inode): Steps<void> {
    if (!(refusal instanceof FileError && refusal.errnoName === 'ESTALE')) throw refusal;
    yield* settle(this.#volume.attributes(directory));
  }

  *#add({ inode, path }: Source, directory: Inode): Steps<Source[]> {
    const volume = this.#volume;
    let attributes: Attributes;
    let target = '';
    try {
      attributes = yield* settle(volume.attributes(inode));
      // A host's link can't be held.
      if (attributes.kind === 'symlink') target = yield* settle(volume.readLink(inode));
    } catch (refusal) {
      yield* this.#refuseIfClosed(refusal, directory);
      return [];
    }
    if (attributes.kind === 'symlink') {
      this.#addPiece(path, attributes, SYMLINK_ATTRIBUTES, utf8.encode(target));
    } else if (attributes.kind === 'file') yield* this.#addFile(path, attributes);
    else {
      const prefix = path === '' ? '' : `${path}/`;
      if (path !== '') this.#addPiece(prefix, attributes, DIRECTORY_ATTRIBUTES, new Uint8Array(0));
      const entries = yield* entriesOf(volume, inode);
      return entries.reverse().map((entry) => ({ inode: entry.inode, path: prefix + entry.name }));
    }
    return [];
  }

  #addPiece(name: string, attributes: Attributes, attrs: number, content: Uint8Array): void {
    const entry = new ZipPassThrough(name);
    this.#begin(entry, attributes, attrs);
    entry.push(content, true);
  }

  *#addFile(name: string, attributes: Attributes): Steps<void> {
    checkZipContent(attributes.size, name);
    const entry = new ZipDeflate(name, { level: 6 });
    this.#begin(entry, attributes, FILE_ATTRIBUTES);
    for (let offset = 0; ; ) {
      yield* settle(this.#pause());
      const bytes = yield* settle(this.#volume.read(attributes.inode, offset, COPY_BYTES));
      offset += bytes.length;
      checkZipContent(offset, name);
      const last = bytes.length < COPY_BYTES;
      // A view of the store is valid until the next call, and the compressor keeps what it is given.
      entry.push(bytes.slice(), last);
      if (last) return;
    }
  }

  #begin(entry: ZipDeflate | ZipPassThrough, { modifiedNs }: Attributes, attrs: number): void {
    this.#room.enter(entry.filename);
    this.#name = entry.filename;
    const ms = Number(modifiedNs / 1_000_000n);
    const there = new Date(Math.min(Math.max(ms, EARLIEST_MS), LATEST_MS));
    // Archives have no time zone: read as local time, by fflate as by others, it has to be shifted.
    entry.mtime = new Date(there.getTime() + there.getTimezoneOffset() * 60_000);
    entry.os = UNIX;
    entry.attrs = attrs;
    this.#zip.add(entry);
  }

  #put(part: Uint8Array): void {
    if (this.#gatheredBytes + part.length > GATHERED_BYTES) this.#flush();
    if (part.length > GATHERED_BYTES) this.#enqueue(part);
    else {
      this.#gathered.set(part, this.#gatheredBytes);
      this.#gatheredBytes += part.length;
    }
  }

  #flush(): void {
    if (this.#gatheredBytes === 0) return;
    this.#enqueue(this.#gathered.slice(0, this.#gatheredBytes));
    this.#gatheredBytes = 0;
  }
}

/** Whatever the volume has come to meanwhile. */
function giveUp(volume: Volume, inode: Inode): void {
  try {
    volume.release(inode);
  } catch (refusal) {
    if (!(refusal instanceof FileError)) throw refusal;
  }
}
