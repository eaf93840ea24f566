/** The bytes of a page: some nodes of a stored volume, each in a frame of its own. */
import {
  MAX_CHUNKS,
  MAX_PACKED_BYTES,
  MAX_PACKS,
  PACK_BYTES,
  type Place,
  pageOf,
  ROOT,
  type StoredName,
  type StoredNode,
} from './indexeddb-records';
import { MAX_FILE_BYTES, MAX_INODE } from './limits';
import { isName } from './names';
import type { Range } from './range-set';
import { checksum, RecordError, RecordReader, RecordWriter } from './record-bytes';
import type { Inode } from './volume';

const KINDS = ['file', 'directory', 'symlink'] as const;
const NONE = 0;
const PACKED = 1;
const CHUNKS = 2;

/** Each node in a frame of its own, so that a damaged one does not take the others with it. */
export class PageWriter {
  readonly #writer = new RecordWriter();

  get isEmpty(): boolean {
    return this.#writer.length === 0;
  }

  take(): Uint8Array<ArrayBuffer> {
    return this.#writer.take();
  }

  /** A frame as it was read, which made no sense. */
  frame(frame: Uint8Array): void {
    this.#writer.append(frame);
  }

  node(node: StoredNode): void {
    const writer = this.#writer;
    const start = writer.length;
    writer.u32(0);
    writer.u32(0);
    writer.byte(KINDS.indexOf(node.kind));
    writer.count(node.inode);
    writer.count(node.size);
    writer.i64(node.accessedNs);
    writer.i64(node.modifiedNs);
    writer.i64(node.changedNs);
    writer.count(node.names.length);
    for (const { parent, name } of node.names) {
      writer.count(parent);
      writer.text(name);
    }
    if (node.kind === 'symlink') writer.text(node.target);
    if (node.kind === 'file') this.#place(node.place);
    const payload = writer.since(start + 8);
    const sum = checksum(payload);
    writer.setU32(start, payload.length);
    writer.setU32(start + 4, sum);
  }

  #place(place: Place): void {
    const writer = this.#writer;
    switch (place.kind) {
      case 'none':
        writer.byte(NONE);
        break;
      case 'packed':
        writer.byte(PACKED);
        writer.count(place.pack);
        writer.count(place.offset);
        writer.u32(place.checksum);
        break;
      case 'chunks':
        writer.byte(CHUNKS);
        writer.count(place.ranges.length);
        for (const [first, count] of place.ranges) {
          writer.count(first);
          writer.count(count);
        }
    }
  }
}

export interface PageContent {
  readonly nodes: readonly { readonly node: StoredNode; readonly frame: Uint8Array }[];
  /** What is no node, and why. */
  readonly damaged: readonly { readonly frame: Uint8Array; readonly reason: string }[];
}

/** Length and checksum of the payload. */
const FRAME_HEAD_BYTES = 8;

/** A directory without a name: less can't be a node. */
const LEAST_PAYLOAD_BYTES = 28;

/** Looking for the next node costs at most this much reading per byte, whatever the bytes claim. */
const LOOKS_PER_BYTE = 64;

export function readPage(page: number, value: unknown): PageContent {
  const nodes: PageContent['nodes'][number][] = [];
  const damaged: PageContent['damaged'][number][] = [];
  if (!(value instanceof Uint8Array)) {
    return { nodes, damaged: [{ frame: new Uint8Array(0), reason: 'not bytes' }] };
  }
  let looks = value.length * LOOKS_PER_BYTE;
  for (let at = 0; at < value.length; ) {
    const length = frameLength(value, at);
    const frame = value.subarray(at, length === undefined ? value.length : at + length);
    if (length !== undefined && hasItsChecksum(frame)) {
      at += length;
      try {
        const node = readNode(frame);
        if (pageOf(node.inode) !== page) throw new RecordError('a node of another page');
        nodes.push({ node, frame });
      } catch (error) {
        if (!(error instanceof RecordError)) throw error;
        damaged.push({ frame, reason: error.message });
      }
      continue;
    }
    // It may be the length that is wrong: where the next node begins, only its checksum tells.
    const start = at++;
    for (; at < value.length && looks > 0; at++) {
      const next = frameLength(value, at);
      if (next === undefined || !seemsOfPage(value, at, page)) continue;
      looks -= next;
      if (hasItsChecksum(value.subarray(at, at + next))) break;
    }
    if (looks <= 0) at = value.length;
    const reason = length === undefined ? 'cut off' : 'the checksum is wrong';
    damaged.push({ frame: value.subarray(start, at), reason });
  }
  return { nodes, damaged };
}

/** Of the frame that begins here, if one can. */
function frameLength(bytes: Uint8Array, at: number): number | undefined {
  const left = bytes.length - at - FRAME_HEAD_BYTES;
  if (left < LEAST_PAYLOAD_BYTES) return undefined;
  const length = new DataView(bytes.buffer, bytes.byteOffset + at, 4).getUint32(0, true);
  return length < LEAST_PAYLOAD_BYTES || length > left ? undefined : FRAME_HEAD_BYTES + length;
}

function hasItsChecksum(frame: Uint8Array): boolean {
  const sum = new DataView(frame.buffer, frame.byteOffset + 4, 4).getUint32(0, true);
  return sum === checksum(frame.subarray(FRAME_HEAD_BYTES));
}

/** A cheap look before the checksum is taken. */
function seemsOfPage(bytes: Uint8Array, at: number, page: number): boolean {
  const reader = new RecordReader(bytes.subarray(at + FRAME_HEAD_BYTES));
  try {
    return KINDS[reader.byte()] !== undefined && pageOf(reader.count() as Inode) === page;
  } catch {
    return false;
  }
}

/** Of a frame whose checksum is right. */
function readNode(frame: Uint8Array): StoredNode {
  const reader = new RecordReader(frame.subarray(FRAME_HEAD_BYTES));
  const kind = KINDS[reader.byte()];
  if (kind === undefined) throw new RecordError('a node of no known kind');
  const inode = reader.count() as Inode;
  if (inode === 0) throw new RecordError('a node without number');
  if (inode > MAX_INODE) throw new RecordError('a node with a number that can not be');
  if (inode === ROOT && kind !== 'directory') throw new RecordError('a root that is no directory');
  const common = {
    inode,
    kind,
    size: reader.count(),
    accessedNs: reader.i64(),
    modifiedNs: reader.i64(),
    changedNs: reader.i64(),
  };
  if (common.size > MAX_FILE_BYTES) throw new RecordError('a size that can not be');
  const names: StoredName[] = [];
  for (let count = reader.count(); count > 0; count--) {
    const name = { parent: reader.count() as Inode, name: reader.text() };
    if (!isName(name.name)) throw new RecordError('a name that can not be');
    names.push(name);
  }
  const target = kind === 'symlink' ? reader.text() : '';
  const place: Place = kind === 'file' ? readPlace(reader, common.size) : { kind: 'none' };
  if (reader.left > 0) throw new RecordError('more than a node');
  return { ...common, names, target, place };
}

function readPlace(reader: RecordReader, size: number): Place {
  switch (reader.byte()) {
    case NONE:
      return { kind: 'none' };
    case PACKED: {
      const [pack, offset] = [reader.count(), reader.count()];
      const fits = pack < MAX_PACKS && offset <= PACK_BYTES && size <= MAX_PACKED_BYTES;
      if (!fits) throw new RecordError('content in a place that can not be');
      return { kind: 'packed', pack, offset, checksum: reader.u32() };
    }
    case CHUNKS: {
      const ranges: Range[] = [];
      let end = -1;
      for (let count = reader.count(); count > 0; count--) {
        const range: Range = [reader.count(), reader.count()];
        if (range[0] <= end || range[1] === 0) throw new RecordError('ranges out of order');
        end = range[0] + range[1];
        if (end > MAX_CHUNKS) throw new RecordError('content in a place that can not be');
        ranges.push(range);
      }
      return { kind: 'chunks', ranges };
    }
    default:
      throw new RecordError('content in no known place');
  }
}
