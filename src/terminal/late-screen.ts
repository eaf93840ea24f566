/** A screen that is still on its way: what is written to it waits, and until it is there it has a usual size. */
import type { Screen } from './screen';

const USUAL = { columns: 80, rows: 24 };

export class LateScreen implements Screen {
  readonly #coming: Promise<Screen>;
  #screen: Screen | undefined;

  /** Where the screen does not come, whoever writes hears why. */
  constructor(coming: Promise<Screen>) {
    this.#coming = coming;
    // Before whatever is written: that must not be overtaken by what comes when the screen is there.
    coming.then(
      (screen) => {
        this.#screen = screen;
      },
      () => undefined,
    );
  }

  get columns(): number {
    return (this.#screen ?? USUAL).columns;
  }

  get rows(): number {
    return (this.#screen ?? USUAL).rows;
  }

  write(text: string): void | Promise<void> {
    if (this.#screen !== undefined) return this.#screen.write(text);
    return this.#coming.then((screen) => screen.write(text));
  }
}
