/** What a page may ask of a sandbox. */
import type { AccountOptions } from './account';
import type { WorldOptions } from './guest-world';
import type { Budget } from './limits';
import type { Outcome } from './outcome';
import type { PythonGuest } from './python-guest';
import type { SandboxImage } from './sandbox-image';

export interface SandboxOptions extends WorldOptions {
  readonly guest: PythonGuest;
  /** The guest's first working directory. Default `/home`. */
  readonly cwd?: string | undefined;
  /** Hears how it ended where what a program had left to be done, by timers or awaited calls, did not end well. */
  readonly onBackground?: ((outcome: Outcome) => void) | undefined;
  /** What `calls()` can tell. */
  readonly account?: AccountOptions | undefined;
}

export interface RunOptions {
  /** What tracebacks call the source. Default `<input>`. */
  readonly filename?: string;
  /** `single`: as at the prompt, an expression's value is shown. Default `exec`. */
  readonly mode?: 'exec' | 'single';
  /** `sys.argv`; without it, it stays as it is. */
  readonly argv?: readonly string[];
  /** For this run alone, where they are narrower than the sandbox's own. */
  readonly limits?: Partial<Budget> | undefined;
}

export interface EvaluateOptions {
  /**
   * For who looks on: waits until nothing is going on, and what the page asks for meanwhile waits for it instead of
   * being refused. It takes from what a program may use by itself between two runs. Default: false.
   */
  readonly aside?: boolean | undefined;
}

export interface InterruptOptions {
  /** The guest is ended if it is still at work after so many milliseconds. Default: never. */
  readonly graceMs?: number;
}

/** As for a new sandbox; the environment and the folder are the image's. */
export interface RestoreOptions extends Omit<SandboxOptions, 'cwd' | 'env'> {
  /** For an image that comes as a file: it has to have this key's signature. */
  readonly verifyWith?: CryptoKey | undefined;
}

/** What is not given is as it is for the sandbox that is forked. */
export type ForkOptions = Partial<Omit<SandboxOptions, 'guest' | 'cwd' | 'env'>>;

export interface SnapshotOptions {
  /** While something runs: take the image as soon as it is over. Default: throw `BusyError`. */
  readonly wait?: boolean;
}

export interface RestartOptions {
  /** The state to go on from. Default: a fresh interpreter. */
  readonly from?: SandboxImage | undefined;
}
