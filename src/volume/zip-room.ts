/**
 * What an archive without zip64 has room for. More than that could be written, but not read again:
 * not by others, and not by our own import.
 */
import { utf8Length } from './names';
import { zipPathOf } from './zip-directory';
import { ZipError } from './zip-error';

/** One more each would mean that the number stands in a zip64 record. */
const MAX_ENTRIES = 0xfffe;
const MAX_BYTES = 0xfffffffe;
/** In the directory at the end, each entry beside its name. */
const CENTRAL_HEADER_BYTES = 46;

export class ZipRoom {
  #entries = 0;
  #bytes = 0;

  /** For one more entry, a directory's `name` with its slash: `zip-name`, `zip-limit`. */
  enter(name: string): void {
    zipPathOf(name);
    if (++this.#entries > MAX_ENTRIES) {
      throw new ZipError('zip-limit', `more than ${MAX_ENTRIES} entries`, name);
    }
    this.add(CENTRAL_HEADER_BYTES + utf8Length(name), name);
  }

  /** For more bytes of the archive: `zip-limit`. */
  add(bytes: number, name: string): void {
    this.#bytes += bytes;
    if (this.#bytes > MAX_BYTES) throw new ZipError('zip-limit', 'an archive of 4 GiB', name);
  }
}

/** `zip-limit` for content of so many bytes. */
export function checkZipContent(bytes: number, name: string): void {
  if (bytes > MAX_BYTES) throw new ZipError('zip-limit', 'a file of 4 GiB', name);
}
