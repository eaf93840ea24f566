/** Snapshots of a session in the browser's storage, within a number and a size: the images, and what is said of them. */
import { promisifyRequest } from 'idb-keyval';
import type { SandboxImage } from '../controller/sandbox-image';
import { ImageError, StorageError } from '../errors';
import { ImageStore } from '../index';

/** By hand; by itself before a run; by itself before going back to another one. */
export type MomentCause = 'hand' | 'run' | 'back';

export interface Moment {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly takenMs: number;
  readonly cause: MomentCause;
  /** What the user calls it; empty: nothing. */
  readonly name: string;
  /** As it is stored. */
  readonly bytes: number;
}

export interface MomentLimits {
  readonly most: number;
  readonly mostBytes: number;
}

const PREFIX = 'glovebox-timeline:';
const NOTES = 'moments';
const MOST_NAME = 80;

export class Moments {
  readonly #images: ImageStore;
  readonly #notes: IDBDatabase;

  private constructor(images: ImageStore, notes: IDBDatabase) {
    this.#images = images;
    this.#notes = notes;
  }

  /** Those of that name, none where it is new. All methods throw `StorageError` for a refusal of the browser's. */
  static async open(name: string): Promise<Moments> {
    const images = await ImageStore.open(name);
    const notes = await stored(() => {
      const request = indexedDB.open(PREFIX + name);
      request.onupgradeneeded = () => request.result.createObjectStore(NOTES);
      return promisifyRequest(request);
    });
    return new Moments(images, notes);
  }

  /** The latest first. */
  async list(): Promise<readonly Moment[]> {
    const [ids, noted] = await Promise.all([this.#images.keys(), this.#read()]);
    // An image whose note got lost is still an image, and a note without its image nothing.
    const moments = ids.map((id) => noted.get(id) ?? unnoted(id));
    return moments.sort((a, b) => b.takenMs - a.takenMs || (a.id < b.id ? 1 : -1));
  }

  /**
   * Adds one, and drops what is too much then: the oldest that came by itself and has no name, and only then others.
   * Throws `ImageError` (`size`) for one that is too large alone, which is not kept.
   */
  async add(
    image: SandboxImage,
    about: { readonly cause: MomentCause; readonly takenMs: number },
    limits: MomentLimits,
  ): Promise<Moment> {
    const id = `${about.takenMs}-${crypto.randomUUID()}`;
    const bytes = await this.#images.put(id, image);
    const moment: Moment = { id, ...about, name: '', bytes };
    if (bytes > limits.mostBytes) {
      await this.#images.delete(id);
      throw new ImageError('size', `the image has ${bytes} bytes, more than all together may have`);
    }
    await this.#write((notes) => notes.put(moment, id));
    for (const { id: surplus } of surplusOf(await this.list(), id, limits))
      await this.delete(surplus);
    return moment;
  }

  /** Nothing if it is not there any more. Throws `ImageError` for one that is damaged. */
  get(id: string): Promise<SandboxImage | undefined> {
    return this.#images.get(id);
  }

  async rename(moment: Moment, name: string): Promise<void> {
    const named: Moment = { ...moment, name: name.trim().slice(0, MOST_NAME) };
    await this.#write((notes) => notes.put(named, moment.id));
  }

  async delete(id: string): Promise<void> {
    await this.#images.delete(id);
    await this.#write((notes) => notes.delete(id));
  }

  close(): void {
    this.#images.close();
    this.#notes.close();
  }

  async #read(): Promise<ReadonlyMap<string, Moment>> {
    const values = await stored(() =>
      promisifyRequest<unknown[]>(
        this.#notes.transaction(NOTES, 'readonly').objectStore(NOTES).getAll(),
      ),
    );
    return new Map(values.filter(isMoment).map((moment) => [moment.id, moment]));
  }

  #write(use: (notes: IDBObjectStore) => IDBRequest): Promise<void> {
    return stored(() => {
      const transaction = this.#notes.transaction(NOTES, 'readwrite');
      use(transaction.objectStore(NOTES));
      return promisifyRequest<void>(transaction);
    });
  }
}

/** What has to go, so that the rest is within the limits; never the one that came last. */
export function surplusOf(
  moments: readonly Moment[],
  latest: string,
  { most, mostBytes }: MomentLimits,
): readonly Moment[] {
  const isDear = ({ cause, name }: Moment): number => (cause === 'hand' || name !== '' ? 1 : 0);
  const candidates = moments
    .filter(({ id }) => id !== latest)
    .sort((a, b) => isDear(a) - isDear(b) || a.takenMs - b.takenMs);
  let count = moments.length;
  let bytes = moments.reduce((sum, moment) => sum + moment.bytes, 0);
  const surplus: Moment[] = [];
  for (const moment of candidates) {
    if (count <= most && bytes <= mostBytes) break;
    surplus.push(moment);
    count--;
    bytes -= moment.bytes;
  }
  return surplus;
}

function unnoted(id: string): Moment {
  const takenMs = Number.parseInt(id, 10);
  return {
    id,
    takenMs: Number.isSafeInteger(takenMs) ? takenMs : 0,
    cause: 'hand',
    name: '',
    bytes: 0,
  };
}

/** Another version, or another script of the page, may have put anything there. */
function isMoment(value: unknown): value is Moment {
  if (typeof value !== 'object' || value === null) return false;
  const { id, takenMs, cause, name, bytes } = value as Partial<Record<keyof Moment, unknown>>;
  const isKnown = cause === 'hand' || cause === 'run' || cause === 'back';
  const areCounts = Number.isSafeInteger(takenMs) && Number.isSafeInteger(bytes);
  return typeof id === 'string' && typeof name === 'string' && isKnown && areCounts;
}

async function stored<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new StorageError(`the browser's storage: ${why}`, { cause });
  }
}
