/** How long a user is to wait for a program that was interrupted. */
import type { Sandbox } from '../controller/sandbox';

/** Who asks again within this time, in ms, wants it ended; sooner than that a held key does. */
const INSIST_FROM_MS = 500;
const INSIST_UNTIL_MS = 2500;

/** So long the editor may take to come to the key for an interrupt, in ms, before it is interrupted itself. */
const LATE_MS = 250;

export class Patience {
  readonly #sandbox: Sandbox;
  #askedAt: number | undefined;

  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
  }

  /** Something else runs now. */
  begin(): void {
    this.#askedAt = undefined;
  }

  /** `mayEnd`: whether to end the interpreter where what runs has not heeded the first time. */
  interrupt(mayEnd: boolean): void {
    const now = performance.now();
    const since = this.#askedAt === undefined ? Number.POSITIVE_INFINITY : now - this.#askedAt;
    if (mayEnd && since >= INSIST_FROM_MS && since <= INSIST_UNTIL_MS) {
      this.#sandbox.terminate();
      return;
    }
    if (since > INSIST_UNTIL_MS) this.#askedAt = now;
    this.#sandbox.interrupt();
  }

  /** Interrupts what goes on if it is not over soon, and tells so before. */
  interruptLate(going: Promise<void> | undefined, onInterrupt: () => void): void {
    if (going === undefined) return;
    const timer = setTimeout(() => {
      onInterrupt();
      this.#sandbox.interrupt();
    }, LATE_MS);
    void going.finally(() => clearTimeout(timer));
  }
}
