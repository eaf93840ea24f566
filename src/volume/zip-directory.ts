/**
 * Reads the central directory of a zip archive that may be hostile.
 *
 * Only archives that leave no room for interpretation are accepted: one end record that ends the
 * file, the directory right before it, data before that, no byte in two entries. Whatever tools
 * disagree about (data before the archive, zip64, two entries of one name) is refused.
 */
import { isName, utf8Length } from './names';
import { ZipError } from './zip-error';

export interface ZipEntry {
  /** Without the slash that marks a directory. */
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'symlink';
  readonly deflated: boolean;
  readonly crc: number;
  readonly storedBytes: number;
  readonly bytes: number;
  readonly headerOffset: number;
  /** Where the next entry or the directory starts: header and data end here at the latest. */
  readonly endOffset: number;
  readonly modifiedNs: bigint;
}

export interface ZipLimits {
  readonly maxEntries: number;
  readonly maxFileBytes: number;
  readonly maxTotalBytes: number;
}

const END_RECORD = 0x06054b50;
const END_RECORD_BYTES = 22;
const CENTRAL_HEADER = 0x02014b50;
const CENTRAL_HEADER_BYTES = 46;
const LOCAL_HEADER = 0x04034b50;
const LOCAL_HEADER_BYTES = 30;

const FLAG_ENCRYPTED = 0x0001;
const FLAG_SIZES_FOLLOW = 0x0008;
const FLAG_PATCH = 0x0020;
const FLAG_STRONG_ENCRYPTION = 0x0040;
const FLAG_UTF8 = 0x0800;
const FLAG_MASKED_HEADER = 0x2000;

const METHOD_STORED = 0;
const METHOD_DEFLATED = 8;

const MADE_ON_UNIX = 3;
const MADE_ON_MACOS = 19;
const MODE_KIND = 0o170000;
const MODE_FILE = 0o100000;
const MODE_DIRECTORY = 0o040000;
const MODE_SYMLINK = 0o120000;

const MAX_NAME_BYTES = 255;
const MAX_PATH_BYTES = 4096;
const MAX_TARGET_BYTES = 4095;
/** Deflate can't do better: 258 bytes from two bits. */
const MAX_DEFLATE_RATIO = 1032;

/** The upper half of the code page that names without the UTF-8 mark are written in. */
const CODE_PAGE_437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀' +
  'αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';

/** Of a directory: ours have 100 KB. */
const MAX_DECODED_BYTES = 16 * 1024 * 1024;

const ASCII = /^[\0-\x7f]*$/;

interface EndRecord {
  /** In `tail`. */
  readonly at: number;
  readonly entries: number;
  readonly directoryBytes: number;
  readonly directoryOffset: number;
}

/** `tail` is the end of an archive of `archiveBytes`, from the central directory or earlier. */
export function readZipDirectory(
  tail: Uint8Array,
  archiveBytes: number,
  limits: ZipLimits,
): ZipEntry[] {
  if (!Number.isSafeInteger(archiveBytes) || archiveBytes < tail.length) {
    throw new ZipError('zip-inconsistent', 'the archive is smaller than its own end');
  }
  const view = viewOf(tail);
  const end = findEndRecord(view);
  const tailOffset = archiveBytes - tail.length;
  const start = end.directoryOffset - tailOffset;
  if (end.directoryOffset + end.directoryBytes !== tailOffset + end.at) {
    throw new ZipError(
      'zip-inconsistent',
      'the directory does not end where the end record begins',
    );
  }
  if (start < 0) throw new ZipError('zip-truncated', 'the directory is not all there');
  if (end.entries > limits.maxEntries) {
    throw new ZipError('zip-limit', `${end.entries} entries, the limit is ${limits.maxEntries}`);
  }

  const entries: ZipEntry[] = [];
  // As a whole, as to decode names one by one takes most of the time.
  const text =
    end.directoryBytes <= MAX_DECODED_BYTES
      ? new TextDecoder('latin1').decode(tail.subarray(start, end.at))
      : undefined;
  const directory = { tail, start, text, view, timeOf: rememberedTimes() };
  let at = start;
  let totalBytes = 0;
  for (let index = 0; index < end.entries; index++) {
    const { entry, nextAt } = readCentralHeader(directory, at, end, limits);
    totalBytes += entry.bytes;
    if (totalBytes > limits.maxTotalBytes) {
      throw new ZipError('zip-limit', `more than ${limits.maxTotalBytes} bytes altogether`);
    }
    entries.push(entry);
    at = nextAt;
  }
  if (at !== end.at) throw new ZipError('zip-inconsistent', 'the directory has stray bytes');
  return withEnds(entries, end.directoryOffset);
}

/**
 * Where the data of an entry starts in the whole archive. Its own header, which some tools trust
 * instead of the directory, must say the same.
 */
export function locateZipData(archive: Uint8Array, entry: ZipEntry): number {
  const { path, headerOffset: at } = entry;
  const view = viewOf(archive);
  if (view.getUint32(at, true) !== LOCAL_HEADER) {
    throw new ZipError('zip-inconsistent', 'no header where the directory says', path);
  }
  const flags = view.getUint16(at + 6, true);
  refuseFlags(flags, path);
  const nameBytes = view.getUint16(at + 26, true);
  const dataOffset = at + LOCAL_HEADER_BYTES + nameBytes + view.getUint16(at + 28, true);
  if (dataOffset + entry.storedBytes > entry.endOffset) {
    throw new ZipError('zip-overlap', 'its data reaches into what comes next', path);
  }
  const name = archive.subarray(at + LOCAL_HEADER_BYTES, at + LOCAL_HEADER_BYTES + nameBytes);
  const sizesHere = (flags & FLAG_SIZES_FOLLOW) === 0;
  const agrees =
    textOf(name, flags).replace(/\/$/, '') === path &&
    view.getUint16(at + 8, true) === (entry.deflated ? METHOD_DEFLATED : METHOD_STORED) &&
    (!sizesHere ||
      (view.getUint32(at + 14, true) === entry.crc &&
        view.getUint32(at + 18, true) === entry.storedBytes &&
        view.getUint32(at + 22, true) === entry.bytes));
  if (!agrees) throw new ZipError('zip-inconsistent', 'its header and the directory differ', path);
  return dataOffset;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function findEndRecord(view: DataView): EndRecord {
  const last = view.byteLength - END_RECORD_BYTES;
  for (let at = last; at >= Math.max(0, last - 0xffff); at--) {
    if (view.getUint32(at, true) !== END_RECORD) continue;
    // A comment may hold the same four bytes: the record is the one whose comment ends the file.
    if (view.getUint16(at + 20, true) !== last - at) continue;
    const entries = view.getUint16(at + 10, true);
    const directoryBytes = view.getUint32(at + 12, true);
    const directoryOffset = view.getUint32(at + 16, true);
    if (entries === 0xffff || directoryBytes === 0xffffffff || directoryOffset === 0xffffffff) {
      throw new ZipError('zip-unsupported', 'a zip64 archive');
    }
    const oneDisk =
      view.getUint16(at + 4, true) === 0 &&
      view.getUint16(at + 6, true) === 0 &&
      view.getUint16(at + 8, true) === entries;
    if (!oneDisk) throw new ZipError('zip-unsupported', 'an archive of several disks');
    return { at, entries, directoryBytes, directoryOffset };
  }
  throw new ZipError('zip-not-an-archive', 'not a zip archive, or its end is missing');
}

interface Directory {
  readonly tail: Uint8Array;
  /** In there. */
  readonly start: number;
  /** A character for each byte of it, right for those of ASCII alone; none where there are too many. */
  readonly text: string | undefined;
  readonly view: DataView;
  readonly timeOf: (date: number, time: number) => bigint;
}

function readCentralHeader(
  { tail, start, text, view, timeOf }: Directory,
  at: number,
  end: EndRecord,
  limits: ZipLimits,
): { entry: ZipEntry; nextAt: number } {
  const nameAt = at + CENTRAL_HEADER_BYTES;
  if (nameAt > end.at) throw new ZipError('zip-truncated', 'fewer entries than announced');
  if (view.getUint32(at, true) !== CENTRAL_HEADER) {
    throw new ZipError('zip-inconsistent', 'not an entry where the directory must have one');
  }
  const nameEnd = nameAt + view.getUint16(at + 28, true);
  const nextAt = nameEnd + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  if (nextAt > end.at) throw new ZipError('zip-truncated', 'an entry reaches past the directory');

  const flags = view.getUint16(at + 8, true);
  const plain = text?.slice(nameAt - start, nameEnd - start);
  const name =
    plain !== undefined && ASCII.test(plain)
      ? plain
      : textOf(tail.subarray(nameAt, nameEnd), flags);
  const path = zipPathOf(name);
  refuseFlags(flags, path);
  const method = view.getUint16(at + 10, true);
  if (method !== METHOD_STORED && method !== METHOD_DEFLATED) {
    throw new ZipError('zip-method', `compression method ${method}`, path);
  }
  const storedBytes = view.getUint32(at + 20, true);
  const bytes = view.getUint32(at + 24, true);
  const headerOffset = view.getUint32(at + 42, true);
  if (storedBytes === 0xffffffff || bytes === 0xffffffff || headerOffset === 0xffffffff) {
    throw new ZipError('zip-unsupported', 'a zip64 entry', path);
  }
  if (view.getUint16(at + 34, true) !== 0) {
    throw new ZipError('zip-unsupported', 'an entry on another disk', path);
  }
  const kind = kindOf(view.getUint16(at + 4, true), view.getUint32(at + 38, true), name, path);
  const deflated = method === METHOD_DEFLATED;
  checkSizes({ path, kind, deflated, storedBytes, bytes }, limits);
  return {
    entry: {
      path,
      kind,
      deflated,
      crc: view.getUint32(at + 16, true),
      storedBytes,
      bytes,
      headerOffset,
      endOffset: headerOffset,
      modifiedNs: timeOf(view.getUint16(at + 14, true), view.getUint16(at + 12, true)),
    },
    nextAt,
  };
}

function refuseFlags(flags: number, path: string): void {
  if (flags & (FLAG_ENCRYPTED | FLAG_STRONG_ENCRYPTION | FLAG_MASKED_HEADER)) {
    throw new ZipError('zip-encrypted', 'encrypted', path);
  }
  if (flags & FLAG_PATCH) throw new ZipError('zip-method', 'compressed patch data', path);
}

function textOf(bytes: Uint8Array, flags: number): string {
  try {
    // Names are written as UTF-8 without the mark, too: what is valid is hardly anything else.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    if (flags & FLAG_UTF8) throw new ZipError('zip-name', 'a name that is not UTF-8');
    return Array.from(bytes, (byte) =>
      byte < 0x80 ? String.fromCharCode(byte) : CODE_PAGE_437.charAt(byte - 0x80),
    ).join('');
  }
}

/** The path of an entry: `zip-name` for one that no volume could have, or that is too long. */
export function zipPathOf(name: string): string {
  const path = name.endsWith('/') ? name.slice(0, -1) : name;
  const parts = path.split('/');
  if (!parts.every(isName)) throw new ZipError('zip-name', 'a name that leads elsewhere', name);
  if (
    utf8Length(path) > MAX_PATH_BYTES ||
    parts.some((part) => utf8Length(part) > MAX_NAME_BYTES)
  ) {
    throw new ZipError('zip-name', 'a name that is too long', name);
  }
  return path;
}

function kindOf(madeBy: number, external: number, name: string, path: string): ZipEntry['kind'] {
  const named = name.endsWith('/') ? 'directory' : 'file';
  const system = madeBy >>> 8;
  const mode = system === MADE_ON_UNIX || system === MADE_ON_MACOS ? external >>> 16 : 0;
  switch (mode & MODE_KIND) {
    case 0:
      return named;
    case MODE_FILE:
      if (named === 'file') return named;
      break;
    case MODE_DIRECTORY:
      if (named === 'directory') return named;
      break;
    case MODE_SYMLINK:
      if (named === 'file') return 'symlink';
  }
  throw new ZipError('zip-kind', 'neither a file, a directory nor a symbolic link', path);
}

type Sizes = Pick<ZipEntry, 'path' | 'kind' | 'deflated' | 'storedBytes' | 'bytes'>;

function checkSizes({ path, kind, deflated, storedBytes, bytes }: Sizes, limits: ZipLimits): void {
  const possible = deflated ? bytes <= storedBytes * MAX_DEFLATE_RATIO : bytes === storedBytes;
  if (!possible) throw new ZipError('zip-inconsistent', 'sizes that cannot be', path);
  if (kind === 'directory' && bytes > 0) {
    throw new ZipError('zip-kind', 'a directory with content', path);
  }
  if (kind === 'symlink' && (bytes === 0 || bytes > MAX_TARGET_BYTES)) {
    throw new ZipError('zip-kind', `a symbolic link of ${bytes} bytes`, path);
  }
  if (bytes > limits.maxFileBytes) {
    throw new ZipError('zip-limit', `${bytes} bytes, the limit is ${limits.maxFileBytes}`, path);
  }
}

/** The end of each entry: none may reach into another or into the directory. */
function withEnds(entries: readonly ZipEntry[], directoryOffset: number): ZipEntry[] {
  const ends = new Map<ZipEntry, number>();
  let endOffset = directoryOffset;
  for (const entry of entries.toSorted((a, b) => b.headerOffset - a.headerOffset)) {
    // At least: the name may be longer here, and what follows it is only known with the body.
    if (entry.headerOffset + LOCAL_HEADER_BYTES + entry.storedBytes > endOffset) {
      throw new ZipError('zip-overlap', 'its data reaches into what comes next', entry.path);
    }
    ends.set(entry, endOffset);
    endOffset = entry.headerOffset;
  }
  return entries.map((entry) => ({ ...entry, endOffset: ends.get(entry) ?? directoryOffset }));
}

/** Entries of one archive mostly have few of them. */
function rememberedTimes(): (date: number, time: number) => bigint {
  const known = new Map<number, bigint>();
  return (date, time) => {
    const both = date * 0x10000 + time;
    let ns = known.get(both);
    if (ns === undefined) {
      ns = timeOf(date, time);
      known.set(both, ns);
    }
    return ns;
  };
}

/** MS-DOS dates are local times of nowhere: taken as UTC, so that every page sees the same. */
function timeOf(date: number, time: number): bigint {
  const month = (date >>> 5) & 15;
  const day = date & 31;
  const ms = Date.UTC(
    1980 + (date >>> 9),
    Math.max(month, 1) - 1,
    Math.max(day, 1),
    time >>> 11,
    (time >>> 5) & 63,
    (time & 31) * 2,
  );
  return BigInt(ms) * 1_000_000n;
}
