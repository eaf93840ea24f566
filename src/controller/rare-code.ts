/**
 * The part of the interpreter's code that a first program hardly runs. It is loaded when the first sandbox has started, so that
 * those after it are given it, or when a guest can't go on without it.
 */
import { errno, SUCCESS } from '../protocol/errno';
import { encodeRefusal, type Reply } from '../protocol/frame';
import { type GuestFiles, RARE_MODULE } from './guest-files';

/** After a sandbox's start: the next worker comes first (`spare-worker.ts`), and the first prompt before both. */
const PAUSE_MS = 1000;

export class RareCode {
  readonly #files: Pick<GuestFiles, 'compile' | 'readCode'>;
  #module: WebAssembly.Module | undefined;
  #isComing = false;

  constructor(files: Pick<GuestFiles, 'compile' | 'readCode'>) {
    this.#files = files;
  }

  /** Undefined as long as it is not there. */
  get module(): WebAssembly.Module | undefined {
    return this.#module;
  }

  /** Soon it is time to load it: a sandbox has started, or has needed it. */
  prepare(): void {
    if (this.#isComing) return;
    this.#isComing = true;
    const timer: unknown = setTimeout(() => void this.#compile(), PAUSE_MS);
    // In Node the process need not wait for it.
    (timer as { unref?(): void }).unref?.();
  }

  /** For a guest that was started without it. Never rejects. */
  async answer(): Promise<Reply> {
    try {
      const payload = await this.#files.readCode(RARE_MODULE);
      // Later: this guest has it now, and may be at its first prompt.
      this.prepare();
      return { errno: SUCCESS, payload };
    } catch {
      return encodeRefusal(errno.EIO);
    }
  }

  /** Whoever needs it and has it not asks by itself, and hears what is wrong. */
  async #compile(): Promise<void> {
    try {
      this.#module = await this.#files.compile(RARE_MODULE);
    } catch {
      this.#isComing = false;
    }
  }
}
