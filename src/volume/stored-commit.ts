/** What one transaction takes to the store of the content: all that has changed, at one moment. */
import {
  CHUNK_BYTES,
  CHUNK_HEAD_BYTES,
  chunkKey,
  chunkKeysFrom,
  MAX_PACKED_BYTES,
  MAX_PACKS,
  PACK_BYTES,
  packKey,
} from './indexeddb-records';
import { checksum } from './record-bytes';
import type { Chunk, StoredContent } from './stored-content';
import type { Inode } from './volume';

export interface ContentCommit {
  /** Whose content will be elsewhere. */
  readonly moved: ReadonlySet<Inode>;
  readonly puts: readonly (readonly [IDBValidKey, Uint8Array])[];
  readonly deletes: readonly (IDBValidKey | IDBKeyRange)[];
  /** A file has been removed or cut, so that there will be more room. */
  readonly makesRoom: boolean;
  /** The transaction has ended. After a failure everything waits for the next one. */
  ended(failed: boolean): void;
}

/** The next number for a pack, and where the one being filled stands. */
export interface PackNumbers {
  next: number;
}

/** From here on the content says where each file will be when the transaction is done. */
export function commitContent(
  content: StoredContent,
  sizeOf: (inode: Inode) => number,
  numbers: PackNumbers,
): ContentCommit {
  const { cut } = content;
  content.cut = [];
  const chunks = [...content.dirty];
  const puts: [IDBValidKey, Uint8Array][] = [];
  const packer = new Packer(puts, numbers);
  for (const chunk of chunks) {
    const { file, index } = chunk;
    const size = sizeOf(file.inode);
    content.writing(chunk);
    if (size <= MAX_PACKED_BYTES && file.stored.isEmpty && numbers.next < MAX_PACKS) {
      content.packInto(file, packer.add(contentOf(chunk, size)), size);
    } else {
      content.unpack(file);
      file.stored.add(index);
      puts.push([chunkKey(file.inode, index), recordOf(chunk, size - index * CHUNK_BYTES)]);
    }
  }
  packer.finish();
  const { dead } = content.packs;
  content.packs.dead = [];
  const deletes = [
    ...cut.map(({ inode, from }) => chunkKeysFrom(inode, from)),
    ...dead.map((pack) => packKey(pack)),
  ];
  return {
    moved: new Set(chunks.map(({ file }) => file.inode)),
    puts,
    deletes,
    makesRoom: cut.length > 0,
    ended: (failed) => {
      for (const chunk of chunks) content.written(chunk, failed);
      if (!failed) return;
      content.cut = [...cut, ...content.cut];
      content.packs.dead = [...dead, ...content.packs.dead];
    },
  };
}

/** Puts small contents side by side into records. */
class Packer {
  readonly #puts: [IDBValidKey, Uint8Array][];
  readonly #numbers: PackNumbers;
  #pieces: Uint8Array[] = [];
  #bytes = 0;

  constructor(puts: [IDBValidKey, Uint8Array][], numbers: PackNumbers) {
    this.#puts = puts;
    this.#numbers = numbers;
  }

  add(bytes: Uint8Array) {
    if (this.#bytes + bytes.length > PACK_BYTES) this.finish();
    const place = {
      kind: 'packed' as const,
      pack: this.#numbers.next,
      offset: this.#bytes,
      checksum: checksum(bytes),
    };
    this.#pieces.push(bytes);
    // Aligned, as checksums go by words.
    this.#bytes += Math.ceil(bytes.length / 4) * 4;
    return place;
  }

  finish(): void {
    if (this.#pieces.length === 0) return;
    const pack = new Uint8Array(this.#bytes);
    let offset = 0;
    for (const piece of this.#pieces) {
      pack.set(piece, offset);
      offset += Math.ceil(piece.length / 4) * 4;
    }
    this.#puts.push([packKey(this.#numbers.next++), pack]);
    this.#pieces = [];
    this.#bytes = 0;
  }
}

/** Exactly `size` bytes: what the chunk has no room for is zeros. */
function contentOf({ record }: Chunk, size: number): Uint8Array {
  const held = record.subarray(CHUNK_HEAD_BYTES, CHUNK_HEAD_BYTES + size);
  if (held.length === size) return held;
  const whole = new Uint8Array(size);
  whole.set(held);
  return whole;
}

/** A view would be stored with the whole buffer that it is a view of: part of one is copied. */
function recordOf({ record }: Chunk, contentBytes: number): Uint8Array {
  const bytes = CHUNK_HEAD_BYTES + Math.min(CHUNK_BYTES, contentBytes);
  const exact = bytes < record.length ? record.slice(0, bytes) : record;
  new DataView(exact.buffer).setUint32(0, checksum(exact.subarray(CHUNK_HEAD_BYTES)), true);
  return exact;
}
