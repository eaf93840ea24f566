/**
 * The objects that one guest has handles of. A number says nothing outside of its sandbox, and none can be guessed:
 * what the guest was not given it can't name.
 */
import type { ObjectKind } from './capability';
import { Refusal } from './refusal';

/** So many objects may a guest hold at a time. */
const MAX_HANDLES = 100_000;

export interface Held {
  readonly id: bigint;
  readonly object: object;
  readonly kind: ObjectKind;
}

export class HandleTable {
  readonly #kinds: readonly ObjectKind[];
  readonly #random: (bytes: Uint8Array) => void;
  readonly #byId = new Map<bigint, Held>();
  readonly #byObject = new Map<object, Held>();
  readonly #number = new DataView(new ArrayBuffer(8));

  constructor(kinds: readonly ObjectKind[], random: (bytes: Uint8Array) => void) {
    this.#kinds = kinds;
    this.#random = random;
  }

  /** How many the guest holds. */
  get size(): number {
    return this.#byId.size;
  }

  kindNamed(name: string): ObjectKind | undefined {
    return this.#kinds.find((kind) => kind.name === name);
  }

  /** The kind's number, as the guest knows it. */
  kindAt(index: number): ObjectKind | undefined {
    return this.#kinds[index];
  }

  /** Nothing for what is no object that guests may have. Throws a `Refusal` where the guest has too many. */
  handleOf(object: object): { id: bigint; kind: number } | undefined {
    const held = this.#byObject.get(object);
    const kind = held?.kind ?? this.#kinds.find((one) => one.has(object));
    if (kind?.has(object) !== true) return undefined;
    const { id } = held ?? this.#add(object, kind);
    return { id, kind: this.#kinds.indexOf(kind) };
  }

  /** What the guest means. Throws a `Refusal` for what it does not have, or not any more. */
  held(id: bigint): Held {
    const held = this.#byId.get(id);
    if (held?.kind.has(held.object) === true) return held;
    throw new Refusal('revoked', 'the object is not there any more');
  }

  /** As `held`, by what came out of the codec for it. */
  heldBy(object: object): Held {
    const held = this.#byObject.get(object);
    if (held === undefined) throw new Refusal('type', 'that is no object of the page');
    return this.held(held.id);
  }

  /** The guest has dropped its handle. */
  release(id: bigint): void {
    const held = this.#byId.get(id);
    if (held === undefined) return;
    this.#byId.delete(id);
    this.#byObject.delete(held.object);
  }

  clear(): void {
    this.#byId.clear();
    this.#byObject.clear();
  }

  #add(object: object, kind: ObjectKind): Held {
    if (this.#byId.size >= MAX_HANDLES) throw new Refusal('size', 'too many objects are held');
    const held = { id: this.#freshId(), object, kind };
    this.#byId.set(held.id, held);
    this.#byObject.set(object, held);
    return held;
  }

  #freshId(): bigint {
    for (;;) {
      this.#random(new Uint8Array(this.#number.buffer));
      const id = this.#number.getBigUint64(0);
      if (!this.#byId.has(id)) return id;
    }
  }
}
