/**
 * The objects that one guest has handles of. A number says nothing outside of its sandbox, and none can be guessed:
 * what the guest was not given it can't name.
 */
import type { ObjectKind } from './capability';
import { Refusal } from './refusal';

/** Fills it with numbers that nobody can guess. */
export type Random = (bytes: Uint8Array<ArrayBuffer>) => void;

/** So many objects may a guest hold at a time. */
const MAX_HANDLES = 100_000;

const DROPPED_BYTES = 12;

export interface Held {
  readonly id: bigint;
  readonly object: object;
  readonly kind: ObjectKind;
  /** How often it went to the guest. */
  sent: number;
}

export class HandleTable {
  readonly #kinds: readonly ObjectKind[];
  readonly #random: Random;
  readonly #onFault: (fault: unknown) => void;
  readonly #byId = new Map<bigint, Held>();
  readonly #byObject = new Map<object, Held>();
  readonly #number = new DataView(new ArrayBuffer(8));

  /** `onFault` hears of a kind that fails as it is told what was dropped. */
  constructor(kinds: readonly ObjectKind[], random: Random, onFault: (fault: unknown) => void) {
    this.#kinds = kinds;
    this.#random = random;
    this.#onFault = onFault;
  }

  kindNamed(name: string): ObjectKind | undefined {
    return this.#kinds.find((kind) => kind.name === name);
  }

  /** In the order of their numbers, as the guest knows them. */
  get kinds(): readonly ObjectKind[] {
    return this.#kinds;
  }

  /** Nothing for what is no object that guests may have. Throws a `Refusal` where the guest has too many. */
  handleOf(object: object): { id: bigint; kind: number } | undefined {
    const held = this.#byObject.get(object);
    const kind = held?.kind ?? this.#kinds.find((one) => one.has(object));
    if (kind?.has(object) !== true) return undefined;
    const given = held ?? this.#add(object, kind);
    given.sent++;
    return { id: given.id, kind: this.#kinds.indexOf(kind) };
  }

  /** What the guest means, if it has that. */
  find(id: bigint): Held | undefined {
    const held = this.#byId.get(id);
    return held?.kind.has(held.object) === true ? held : undefined;
  }

  /** What the guest means. Throws a `Refusal` for what it does not have, or not any more. */
  held(id: bigint): Held {
    const held = this.find(id);
    if (held !== undefined) return held;
    throw new Refusal('revoked', 'the object is not there any more');
  }

  /** As `held`, by what came out of the codec for it. */
  heldBy(object: object): Held {
    const held = this.#byObject.get(object);
    if (held === undefined) throw new Refusal('type', 'that is no object of the page');
    return this.held(held.id);
  }

  /**
   * The guest has let go of handles: of each the id (u64) and how often it had arrived (u32), little-endian. One that
   * is on its way again stays.
   */
  release(dropped: Uint8Array): void {
    const view = new DataView(dropped.buffer, dropped.byteOffset, dropped.byteLength);
    for (let at = 0; at + DROPPED_BYTES <= dropped.length; at += DROPPED_BYTES) {
      const held = this.#byId.get(view.getBigUint64(at, true));
      if (held === undefined) continue;
      held.sent -= view.getUint32(at + 8, true);
      if (held.sent > 0) continue;
      this.#byId.delete(held.id);
      this.#byObject.delete(held.object);
      this.#drop(held);
    }
  }

  clear(): void {
    const all = [...this.#byId.values()];
    this.#byId.clear();
    this.#byObject.clear();
    for (const held of all) this.#drop(held);
  }

  #drop({ kind, object }: Held): void {
    try {
      kind.drop(object);
    } catch (fault) {
      this.#onFault(fault);
    }
  }

  #add(object: object, kind: ObjectKind): Held {
    if (this.#byId.size >= MAX_HANDLES) throw new Refusal('size', 'too many objects are held');
    const held = { id: this.#freshId(), object, kind, sent: 0 };
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
