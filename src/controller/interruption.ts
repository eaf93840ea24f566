/** What ends the waits of a guest early: its user's Stop, or the end of the guest itself. */
import { FileError } from '../protocol/errno';

export class Interruption {
  readonly #waits = new Set<() => void>();
  #pending = false;

  /**
   * Every wait that is going on ends with EINTR; the guest then looks at its signals. Where there
   * is none the next one ends so: the guest may be on its way there, past its last look.
   */
  interrupt(): void {
    this.#pending = this.#waits.size === 0;
    for (const end of [...this.#waits]) end();
  }

  /** What came too late for one run must not cut a wait of the next one short. */
  clear(): void {
    this.#pending = false;
  }

  /** The promise's result, or EINTR if `interrupt` comes first. The promise itself goes on. */
  wait<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        this.#waits.delete(end);
        reject(new FileError('EINTR'));
      };
      this.#waits.add(end);
      promise.then(resolve, reject).finally(() => this.#waits.delete(end));
      if (!this.#pending) return;
      this.#pending = false;
      end();
    });
  }
}
