/** What stands beside the console: the pictures that programs show, and what is inside their sandbox. */
import { createDisplay } from '../display/display';
import type { Inside } from './inside';
import type { GloveboxPlayground } from './playground-element';

export class Side {
  readonly #playground: GloveboxPlayground;
  readonly #display = createDisplay();
  #inside: Inside | undefined;
  #shown = 0;

  /** Before the page starts: programs are to find a display. */
  constructor(playground: GloveboxPlayground) {
    this.#playground = playground;
    const { capabilities, kinds } = this.#display;
    playground.world = { capabilities, kinds };
    playground.beforeRun = async () => this.#inside?.beforeRun();
    playground.addEventListener('glovebox-session', () => {
      this.#display.clear();
      this.#follow();
    });
    playground.addEventListener('glovebox-clear', () => this.#display.clear());
    this.#display.listen(() => void this.#show());
  }

  /** The rest, which nobody waits for. */
  async fill(): Promise<void> {
    const [{ Inside }] = await Promise.all([import('./inside'), this.#makeDisplay()]);
    const inside = new Inside();
    this.#inside = inside;
    inside.panel.slot = 'inside';
    inside.help.slot = 'help';
    this.#playground.append(inside.panel, inside.help);
    this.#follow();
  }

  #follow(): void {
    const { session, disks } = this.#playground;
    this.#inside?.follow(session, disks, (path) => this.#playground.textAt(path));
  }

  /** A picture that nobody can see is no picture. */
  async #show(): Promise<void> {
    const { items, questions } = this.#display;
    const count = items.length + questions.length;
    const isNew = count > this.#shown;
    this.#shown = count;
    if (!isNew) return;
    await this.#makeDisplay();
    this.#playground.reveal('pictures');
  }

  async #makeDisplay(): Promise<void> {
    await import('../display/register');
    if (this.#playground.querySelector('glovebox-display') !== null) return;
    const element = document.createElement('glovebox-display');
    element.display = this.#display;
    element.slot = 'pictures';
    this.#playground.append(element);
  }
}
