/**
 * Which guests have a memory of their own: no more than so many, as engines have room for some hundred, and each takes ten
 * megabytes. Of the others the page keeps what they differ in from their base image: they sleep until they are used.
 */

/** An idle one can sleep. */
export interface Resident {
  isIdle(): boolean;
  /** Gives its memory back, and calls `leave`. */
  sleep(): Promise<void>;
}

interface Waiting {
  readonly resident: Resident;
  readonly admit: () => void;
  readonly since: number;
}

/** So many begin or wake at once: more than there are cores would only take each other's time, and the page's. */
const AT_ONCE = globalThis.navigator?.hardwareConcurrency ?? 4;

/** Until those that are not idle are looked at again. */
const LOOK_MS = 5;

/** For so long nobody came and nobody left: who is busy may wait for the one that has to wait here. */
const PATIENCE_MS = 1000;

export class Residents {
  readonly #most: number;
  readonly #atOnce: number;
  /** The one that was used last is the last. */
  readonly #awake = new Set<Resident>();
  /** Those of them that are not there yet. */
  readonly #coming = new Set<Resident>();
  readonly #waiting: Waiting[] = [];
  #isServing = false;
  #changedAt = 0;

  constructor(most: number, atOnce = AT_ONCE) {
    this.#most = most;
    this.#atOnce = atOnce;
  }

  /** Resolves when there is room for its memory, or there will be none so soon. */
  enter(resident: Resident): Promise<void> {
    return new Promise((admit) => {
      this.#waiting.push({ resident, admit, since: performance.now() });
      if (!this.#isServing) void this.#serve();
    });
  }

  /** It is there now: the next can come. */
  arrive(resident: Resident): void {
    if (this.#coming.delete(resident)) this.#changedAt = performance.now();
  }

  /** It is used now. */
  use(resident: Resident): void {
    if (this.#awake.delete(resident)) this.#awake.add(resident);
  }

  /** Its memory is gone. */
  leave(resident: Resident): void {
    this.#coming.delete(resident);
    if (this.#awake.delete(resident)) this.#changedAt = performance.now();
  }

  /** Lets in who waits, one after another. */
  async #serve(): Promise<void> {
    this.#isServing = true;
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const patientUntil = Math.max(next.since, this.#changedAt) + PATIENCE_MS;
      const mustWait = performance.now() < patientUntil;
      if (mustWait && this.#coming.size >= this.#atOnce) await pause();
      else if (mustWait && this.#awake.size >= this.#most) await this.#makeRoom();
      else this.#admit();
    }
    this.#isServing = false;
  }

  #admit(): void {
    const next = this.#waiting.shift();
    if (next === undefined) return;
    this.#awake.add(next.resident);
    this.#coming.add(next.resident);
    this.#changedAt = performance.now();
    next.admit();
  }

  async #makeRoom(): Promise<void> {
    for (const resident of this.#awake) {
      if (this.#coming.has(resident) || !resident.isIdle()) continue;
      // One that can't sleep has ended meanwhile.
      await resident.sleep().catch(() => undefined);
      return this.leave(resident);
    }
    await pause();
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, LOOK_MS));
}
