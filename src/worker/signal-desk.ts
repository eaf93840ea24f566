/**
 * Hands the guest the signals that wait for it, and keeps where in its entry it took them. When they come is a matter
 * of time; a replay goes by steps and host calls instead, which are the same each time.
 */
import type { Caller } from '../channel/channel';
import type { TakenSignals } from '../protocol/control';

export class SignalDesk {
  #calls = 0;
  #taken: TakenSignals[] = [];
  /** Of a replay: what is still to be taken. Undefined: what comes through the channel is. */
  #due: TakenSignals[] | undefined;

  /** `due`: of an entry that is replayed, in order; nothing else is taken then. */
  start(due?: readonly TakenSignals[]): void {
    this.#calls = 0;
    this.#taken = [];
    this.#due = due && [...due];
  }

  countCall(): void {
    this.#calls++;
  }

  /** Those of this entry so far. */
  get taken(): readonly TakenSignals[] {
    return this.#taken;
  }

  /** After how many more steps the guest has to ask again. */
  stepsLeft(burnt: number): number {
    const next = this.#due?.[0];
    // Steps are used up, but not the host calls: it asks by itself when that one is cut short.
    return next === undefined || next.fuel <= burnt ? Number.POSITIVE_INFINITY : next.fuel - burnt;
  }

  take(caller: Caller, burnt: number): number {
    const signals = this.#due === undefined ? caller.takeSignals() : this.#takeDue(burnt);
    if (signals !== 0) this.#taken.push({ fuel: burnt, calls: this.#calls, signals });
    return signals;
  }

  #takeDue(burnt: number): number {
    const next = this.#due?.[0];
    if (next === undefined) return 0;
    const isThere = burnt === next.fuel ? this.#calls >= next.calls : burnt > next.fuel;
    if (!isThere) return 0;
    this.#due?.shift();
    return next.signals;
  }
}
