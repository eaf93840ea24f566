/** One archive of a zip volume: its entries, and its body, which may have to be fetched first. */
import { Inflate } from 'fflate';
import { FileError } from '../protocol/errno';
import type { Maybe } from '../protocol/maybe';
import { crc32 } from './crc32';
import { checkTarget } from './names';
import { locateZipData, readZipDirectory, type ZipEntry, type ZipLimits } from './zip-directory';
import { ZipError } from './zip-error';
import { type ZipBranch, zipTree } from './zip-tree';

/** An archive whose names are known now and whose body is fetched when a file in it is read. */
export interface LazyArchive {
  /** The end of the archive: central directory and end record, or more. */
  readonly directory: Uint8Array;
  /** The size of the whole archive. */
  readonly bytes: number;
  /** The whole archive. Called again by the next read if it failed. */
  load(): Promise<Uint8Array>;
}

/** What one step of inflating may make out of this is bounded (1032 times as much). */
const INFLATE_STEP_BYTES = 16 * 1024;

export class ZipArchive {
  readonly top: ZipBranch;
  readonly #source: LazyArchive | undefined;
  #body: Uint8Array | undefined;
  #loading: Promise<Uint8Array> | undefined;

  constructor(archive: Uint8Array | LazyArchive, limits: ZipLimits) {
    const body = archive instanceof Uint8Array ? archive : undefined;
    const tail = archive instanceof Uint8Array ? archive : archive.directory;
    const bytes = archive instanceof Uint8Array ? archive.length : archive.bytes;
    const entries = readZipDirectory(tail, bytes, limits);
    this.top = zipTree(entries, limits.maxEntries);
    this.#body = body;
    this.#source = archive instanceof Uint8Array ? undefined : archive;
    if (!body) return;
    for (const entry of entries) {
      if (entry.kind === 'symlink') targetOf(contentOf(body, entry, false), entry.path);
      else locateZipData(body, entry);
    }
  }

  /**
   * A stored entry as a view, a deflated one inflated. `checked`: its checksum was right before.
   * Throws `ZipError` for an entry that is not what the directory says, EIO for a failed load.
   */
  content(entry: ZipEntry, checked: boolean): Maybe<Uint8Array> {
    if (this.#body) return contentOf(this.#body, entry, checked);
    this.#loading ??= this.#startLoading();
    return this.#loading.then((body) => contentOf(body, entry, checked));
  }

  #startLoading(): Promise<Uint8Array> {
    const loading = this.#load();
    loading.catch(() => {
      this.#loading = undefined;
    });
    return loading;
  }

  async #load(): Promise<Uint8Array> {
    try {
      const body = await this.#source?.load();
      if (!body || !this.#belongs(body)) throw new FileError('EIO', 'not the announced archive');
      this.#body = body;
      return body;
    } catch (reason) {
      throw new FileError('EIO', String(reason));
    }
  }

  #belongs(body: Uint8Array): boolean {
    if (!this.#source || body.length !== this.#source.bytes) return false;
    const { directory } = this.#source;
    const from = body.length - directory.length;
    return directory.every((byte, index) => body[from + index] === byte);
  }
}

/** The target of a symbolic link from its content. */
export function targetOf(content: Uint8Array, path: string): string {
  try {
    const target = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
    checkTarget(target);
    return target;
  } catch (reason) {
    throw new ZipError('zip-kind', `a link without a usable target: ${String(reason)}`, path);
  }
}

function contentOf(body: Uint8Array, entry: ZipEntry, checked: boolean): Uint8Array {
  const from = locateZipData(body, entry);
  const stored = body.subarray(from, from + entry.storedBytes);
  const content = entry.deflated ? inflate(stored, entry) : stored;
  if (!checked && crc32(content) !== entry.crc) {
    throw new ZipError('zip-inconsistent', 'the checksum is wrong', entry.path);
  }
  return content;
}

/** In steps, so that an entry which lies about its size costs no more than one step too many. */
function inflate(stored: Uint8Array, entry: ZipEntry): Uint8Array {
  const content = new Uint8Array(entry.bytes);
  let done = 0;
  const inflater = new Inflate((part) => {
    if (done + part.length > content.length) {
      throw new ZipError('zip-limit', 'it holds more than announced', entry.path);
    }
    content.set(part, done);
    done += part.length;
  });
  try {
    for (let at = 0; at < stored.length; at += INFLATE_STEP_BYTES) {
      const next = at + INFLATE_STEP_BYTES;
      inflater.push(stored.subarray(at, next), next >= stored.length);
    }
  } catch (reason) {
    if (reason instanceof ZipError) throw reason;
    throw new ZipError('zip-inconsistent', `it can't be inflated: ${String(reason)}`, entry.path);
  }
  if (done < content.length) {
    throw new ZipError('zip-inconsistent', 'it holds less than announced', entry.path);
  }
  return content;
}
