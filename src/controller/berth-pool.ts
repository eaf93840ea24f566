/** Berths that are made before anyone asks for them. Each is used once: no guest lives where another one has. */
import { Berth, type BerthOptions } from './berth';

export class BerthPool {
  readonly #options: BerthOptions;
  readonly #size: number;
  #berths: Berth[] = [];
  #filling: Promise<void> | undefined;
  #over = false;

  /** `options`: of all of them. They are filled one after the other: `filled` tells when. */
  constructor(options: BerthOptions, size: number) {
    this.#options = options;
    this.#size = size;
  }

  /** How many are ready. */
  get ready(): number {
    return this.#berths.length;
  }

  /** One that is ready, if it is of the very same kind; others come in its place as soon as `fill` is called. */
  take(wanted: BerthOptions): Berth | undefined {
    const fits =
      wanted.image !== undefined &&
      wanted.image === this.#options.image &&
      wanted.channel === this.#options.channel &&
      wanted.memory.maximumPages === this.#options.memory.maximumPages;
    return fits ? this.#berths.shift() : undefined;
  }

  /** Settles when as many are ready as there should be; a failure is left to who needs the next one. */
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
      const failed = new Promise<false>((resolve) => {
        berth.onFailure = () => resolve(false);
      });
      const started = berth.start().then(
        ({ kind }) => kind === 'returned',
        () => false,
      );
      if (!(await Promise.race([started, failed])) || this.#over) return berth.end();
      berth.onFailure = () => this.#lose(berth);
      this.#berths.push(berth);
    }
  }

  #lose(berth: Berth): void {
    this.#berths = this.#berths.filter((other) => other !== berth);
    berth.end();
  }
}
