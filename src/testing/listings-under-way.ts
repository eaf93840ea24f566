/**
 * Listings in pieces, by cookies, while the directory changes. In which order a store lists is its
 * own affair; but what is there from the beginning to the end must come exactly once.
 */
import type { Inode, Volume } from '../volume/volume';

interface Listing {
  after: number;
  readonly atStart: ReadonlySet<string>;
  /** Names that something was done to since the start. */
  readonly touched: Set<string>;
  /** How often each name came. */
  readonly seen: Map<string, number>;
}

const MORE_THAN_THERE_ARE = 10_000;

export class ListingsUnderWay {
  readonly #listings = new Map<Inode, Listing>();

  clear(): void {
    this.#listings.clear();
  }

  /** The name goes, comes, or leads elsewhere. */
  touch(directory: Inode, name: string): void {
    this.#listings.get(directory)?.touched.add(name);
  }

  /** Throws an `Error` where the listing is not what it has to be. */
  async goOn(volume: Volume, directory: Inode, size: number): Promise<void> {
    const listing = this.#listings.get(directory) ?? (await begin(volume, directory));
    this.#listings.set(directory, listing);
    const piece = await volume.list(directory, listing.after, size);
    if (piece.length > size) throw new Error(`${piece.length} entries, not ${size}`);
    for (const { name, inode, cookie } of piece) {
      if (cookie <= listing.after) throw new Error(`${name}: its cookie is no greater`);
      if ((await volume.lookup(directory, name)) !== inode) throw new Error(`no ${name} is there`);
      listing.after = cookie;
      listing.seen.set(name, (listing.seen.get(name) ?? 0) + 1);
    }
    if (piece.length > 0) return;
    this.#listings.delete(directory);
    for (const name of listing.atStart) {
      const times = listing.seen.get(name) ?? 0;
      if (times !== 1 && !listing.touched.has(name)) throw new Error(`${name} came ${times} times`);
    }
  }
}

async function begin(volume: Volume, directory: Inode): Promise<Listing> {
  const entries = await volume.list(directory, 0, MORE_THAN_THERE_ARE);
  const atStart = new Set(entries.map(({ name }) => name));
  return { after: 0, atStart, touched: new Set(), seen: new Map() };
}
