/** Sandboxes that begin at once, as their workers are warm: for pages that start many programs. */
import { OptionError } from '../errors';
import {
  berthOptions,
  createSession,
  environmentOf,
  prepareBeginning,
  type SessionParts,
} from './beginning';
import { BerthPool } from './berth-pool';
import { leaveInterpreter } from './interpreter';
import { completePythonLimits, DEFAULT_LIMITS } from './limits';
import type { Platform } from './platform';
import type { PythonGuest } from './python-guest';
import { Sandbox } from './sandbox';
import type { SandboxImage } from './sandbox-image';
import type { RestoreOptions, SandboxOptions } from './sandbox-options';

export interface PoolOptions {
  readonly guest: PythonGuest;
  /** How many workers wait, each with an interpreter in its memory: some 25 MB. Default 2. */
  readonly size?: number | undefined;
  /** `limits.heapBytes` of the sandboxes that get them; one with another limit starts without. */
  readonly heapBytes?: number | undefined;
}

const DEFAULT_SIZE = 2;
const MAX_SIZE = 256;

export class SandboxPool {
  readonly #guest: PythonGuest;
  readonly #platform: Platform;
  readonly #heapBytes: number;
  readonly #berths: BerthPool;

  private constructor(options: PoolOptions, size: number, platform: Platform) {
    const { guest } = options;
    this.#guest = guest;
    this.#platform = platform;
    const { heapBytes = DEFAULT_LIMITS.heapBytes } = options;
    const limits = completePythonLimits({ heapBytes });
    this.#heapBytes = limits.heapBytes;
    const channel = platform.chooseChannel();
    const { image } = guest;
    const kind = berthOptions(guest, limits, { image, initialize: false, platform, channel });
    // Who fills the pool can wait for a worker; the spare one is for who can't.
    this.#berths = new BerthPool({ ...kind, spare: undefined }, size, (berth) =>
      warmUp(guest, { platform, channel, limits, pool: { take: () => berth } }),
    );
  }

  /** Resolves when all workers are warm. Throws `OptionError`, `EnvironmentError`. */
  static async create(options: PoolOptions, platform: Platform): Promise<SandboxPool> {
    const { size = DEFAULT_SIZE, guest } = options;
    if (!Number.isInteger(size) || size < 1 || size > MAX_SIZE) {
      throw new OptionError(`size is ${size}: it must be a whole number from 1 to ${MAX_SIZE}`);
    }
    if (guest.image === undefined) {
      throw new OptionError('a pool needs the memory image: load the guest with it');
    }
    const pool = new SandboxPool(options, size, platform);
    await pool.#berths.fill();
    return pool;
  }

  /** How many sandboxes can be had at once. */
  get ready(): number {
    return this.#berths.ready;
  }

  /** As `Sandbox.create`, in a worker that is warm. Where none is, it takes as long as ever. */
  create(options: Omit<SandboxOptions, 'guest'> = {}): Promise<Sandbox> {
    return Sandbox.create(this.#complete(options), this.#platform, this.#berths);
  }

  /** As `Sandbox.restore`. */
  restore(
    image: SandboxImage | Uint8Array,
    options: Omit<RestoreOptions, 'guest'> = {},
  ): Promise<Sandbox> {
    return Sandbox.restore(image, this.#complete(options), this.#platform, this.#berths);
  }

  /** Ends the workers that wait. The sandboxes that came from here live on. */
  dispose(): void {
    this.#berths.end();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #complete<T extends Omit<SandboxOptions, 'guest'>>(options: T): T & { guest: PythonGuest } {
    const limits = { heapBytes: this.#heapBytes, ...options.limits };
    return { ...options, limits, guest: this.#guest };
  }
}

/** Leaves a guest in the berth that waits for its first program. Throws `StartError`, `EndedError`. */
async function warmUp(guest: PythonGuest, parts: Omit<SessionParts, 'onFault'>): Promise<void> {
  const options: SandboxOptions = { guest };
  const beginning = await prepareBeginning(options, parts.limits, undefined);
  const session = createSession(options, beginning, { ...parts, onFault: () => undefined });
  await leaveInterpreter(session, environmentOf(options));
}
