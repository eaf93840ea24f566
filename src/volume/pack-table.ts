/** Which small files share a stored record, so that it can go when none of them needs it. */
import type { Place } from './indexeddb-records';
import type { Inode } from './volume';

interface Pack {
  /** Bytes of each file that still has its content here. */
  readonly members: Map<Inode, number>;
  /** As far as the pack is known to reach. */
  bytes: number;
  liveBytes: number;
}

/** Less of a pack than this share is worth moving elsewhere. */
const SPARSE_SHARE = 1 / 4;

/** Small packs may be as sparse as they like. */
const SPARSE_FROM_BYTES = 64 * 1024;

export class PackTable {
  /** Packs that nobody needs, for the next transaction to remove. */
  dead: number[] = [];
  readonly #packs = new Map<number, Pack>();
  readonly #fixed = new Set<Inode>();

  members(pack: number): Iterable<readonly [Inode, number]> {
    return [...(this.#packs.get(pack)?.members ?? [])];
  }

  numbers(): Iterable<number> {
    return this.#packs.keys();
  }

  enter(place: Extract<Place, { kind: 'packed' }>, inode: Inode, size: number): void {
    let pack = this.#packs.get(place.pack);
    if (pack === undefined) {
      pack = { members: new Map(), bytes: 0, liveBytes: 0 };
      this.#packs.set(place.pack, pack);
    }
    pack.members.set(inode, size);
    pack.bytes = Math.max(pack.bytes, place.offset + size);
    pack.liveBytes += size;
  }

  /** What this file has in a pack stays where it is. */
  fix(inode: Inode): void {
    this.#fixed.add(inode);
  }

  leave(number: number, inode: Inode): void {
    this.#fixed.delete(inode);
    const pack = this.#packs.get(number);
    if (pack === undefined) return;
    pack.liveBytes -= pack.members.get(inode) ?? 0;
    pack.members.delete(inode);
    if (pack.members.size > 0) return;
    this.#packs.delete(number);
    this.dead.push(number);
  }

  /** What is left in packs that are mostly empty. */
  sparse(): [number, Inode][] {
    const found: [number, Inode][] = [];
    for (const [number, { members, bytes, liveBytes }] of this.#packs) {
      if (bytes < SPARSE_FROM_BYTES || liveBytes > bytes * SPARSE_SHARE) continue;
      for (const inode of members.keys()) {
        if (!this.#fixed.has(inode)) found.push([number, inode]);
      }
    }
    return found;
  }
}
