/**
 * The names of a directory, with a cookie each by which a listing goes on while the directory
 * changes.
 *
 * A new name gets a *smaller* cookie than all the others, so a listing, which goes from small to
 * large, never meets what was added since it began: a program that makes a file for each file that
 * it lists comes to an end.
 */
import { MAX_COOKIE } from './volume';

export interface Slot<T> {
  readonly name: string;
  readonly value: T;
  readonly cookie: number;
}

interface OwnSlot<T> {
  name: string;
  value: T;
  readonly cookie: number;
  removed: boolean;
}

/** Below this many removed slots it is not worth making the order dense again. */
const FEW_REMOVED = 32;

export class CookieIndex<T> {
  readonly #slots = new Map<string, OwnSlot<T>>();
  /** Oldest first: cookies fall. Removed slots stay until they are the majority. */
  #order: OwnSlot<T>[] = [];
  #removed = 0;
  #nextCookie = MAX_COOKIE;

  get size(): number {
    return this.#slots.size;
  }

  get(name: string): T | undefined {
    return this.#slots.get(name)?.value;
  }

  has(name: string): boolean {
    return this.#slots.has(name);
  }

  values(): Iterable<Slot<T>> {
    return this.#slots.values();
  }

  /** A name that is there already keeps its cookie. One that is brought back has its own: in falling order. */
  set(name: string, value: T, cookie = this.#nextCookie): void {
    const slot = this.#slots.get(name);
    if (slot) {
      slot.value = value;
      return;
    }
    const added = { name, value, cookie, removed: false };
    this.#nextCookie = cookie - 1;
    this.#slots.set(name, added);
    this.#order.push(added);
  }

  delete(name: string): void {
    const slot = this.#slots.get(name);
    if (!slot) return;
    this.#slots.delete(name);
    slot.removed = true;
    this.#removed++;
    if (this.#removed > FEW_REMOVED && this.#removed * 2 > this.#order.length) {
      this.#order = this.#order.filter((other) => !other.removed);
      this.#removed = 0;
    }
  }

  /** The cookie goes with the new name: a listing under way meets the entry exactly once. */
  rename(from: string, to: string): void {
    const slot = this.#slots.get(from);
    if (!slot || from === to) return;
    this.delete(to);
    this.#slots.delete(from);
    slot.name = to;
    this.#slots.set(to, slot);
  }

  /** At most `limit` slots with a cookie greater than `after`, smallest first. */
  page(after: number, limit: number): Slot<T>[] {
    const order = this.#order;
    let low = 0;
    let high = order.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const slot = order[middle];
      if (slot && slot.cookie > after) low = middle + 1;
      else high = middle;
    }
    const found: Slot<T>[] = [];
    for (let index = low - 1; index >= 0 && found.length < limit; index--) {
      const slot = order[index];
      if (slot && !slot.removed) found.push(slot);
    }
    return found;
  }
}
