/** Berths that are made before anyone asks for them. Each is used once: no guest lives where another one has. */
import { Berth, type BerthOptions } from './berth';
import { isSameInstance } from './guest-worker';
import { PAUSE_MS } from './spare-worker';

export class BerthPool {
  readonly #options: BerthOptions;
  readonly #size: number;
  readonly #warmUp: (berth: Berth) => Promise<void>;
  #berths: Berth[] = [];
  #filling: Promise<void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #over = false;

  /**
   * `options`: of all of them. There are none until `fill` is called. `warmUp` leaves a guest in each
   * that waits for its first program.
   */
  constructor(options: BerthOptions, size: number, warmUp: (berth: Berth) => Promise<void>) {
    this.#options = options;
    this.#size = size;
    this.#warmUp = warmUp;
  }

  /** How many are ready. */
  get ready(): number {
    return this.#berths.length;
  }

  /** One that is ready, if it is of the very same kind; another comes in its place when `refill` is called. */
  take(wanted: BerthOptions): Berth | undefined {
    return isSameInstance(wanted, this.#options) ? this.#berths.shift() : undefined;
  }

  /** Settles when as many are ready as there should be, or one could not start: then who needs it hears why. */
  fill(): Promise<void> {
    this.#filling ??= this.#fill().finally(() => {
      this.#filling = undefined;
    });
    return this.#filling;
  }

  /** A sandbox has started: others come in place of those that are taken, soon, or at once if there are none. */
  refill(): void {
    clearTimeout(this.#timer);
    const fill = (): void => void this.fill();
    if (this.#berths.length === 0) fill();
    else this.#timer = setTimeout(fill, PAUSE_MS);
  }

  end(): void {
    this.#over = true;
    clearTimeout(this.#timer);
    for (const berth of this.#berths) berth.end();
    this.#berths = [];
  }

  async #fill(): Promise<void> {
    while (!this.#over && this.#berths.length < this.#size) {
      const berth = new Berth(this.#options);
      const isWarm = await this.#warmUp(berth).then(
        () => true,
        () => false,
      );
      if (!isWarm || this.#over) return berth.end();
      berth.onFailure = () => this.#lose(berth);
      this.#berths.push(berth);
    }
  }

  #lose(berth: Berth): void {
    this.#berths = this.#berths.filter((other) => other !== berth);
    berth.end();
  }
}
