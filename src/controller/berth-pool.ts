/** Berths that are made before anyone asks for them. Each is used once: no guest lives where another one has. */
import { Berth, type BerthOptions } from './berth';

export class BerthPool {
  readonly #options: BerthOptions;
  readonly #size: number;
  readonly #warmUp: (berth: Berth) => Promise<void>;
  #berths: Berth[] = [];
  #filling: Promise<void> | undefined;
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

  /** One that is ready, if it is of the very same kind; another comes in its place when `fill` is called. */
  take(wanted: BerthOptions): Berth | undefined {
    const fits =
      wanted.image !== undefined &&
      wanted.image === this.#options.image &&
      wanted.channel === this.#options.channel &&
      wanted.memory.maximumPages === this.#options.memory.maximumPages;
    return fits ? this.#berths.shift() : undefined;
  }

  /** Settles when as many are ready as there should be, or one could not start: then who needs it hears why. */
  fill(): Promise<void> {
    this.#filling ??= this.#fill().finally(() => {
      this.#filling = undefined;
    });
    return this.#filling;
  }

  end(): void {
    this.#over = true;
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
