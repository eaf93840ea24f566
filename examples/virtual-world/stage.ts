/** The grid of one world, with what is in it where it is. */
import { make, setText } from './dom';
import { iconOf } from './icons';
import type { Thing } from './thing';
import { COLUMNS, ROWS, type World } from './world';

interface Figure {
  readonly element: HTMLElement;
  readonly bubble: HTMLElement;
  readonly health: HTMLElement;
}

export class Stage {
  /** Seen only: the cards below say the same in text. */
  readonly element = make('div', { class: 'stage', 'aria-hidden': 'true' });
  readonly #world: World;
  readonly #figures = new Map<Thing, Figure>();

  constructor(world: World) {
    this.#world = world;
    const portal = make('div', { class: 'portal' });
    place(portal, world.portal);
    this.element.append(portal);
    this.element.style.setProperty('--columns', String(COLUMNS));
    this.element.style.setProperty('--rows', String(ROWS));
  }

  refresh(): void {
    const things = new Set(this.#world.things);
    for (const [thing, { element }] of this.#figures) {
      if (things.has(thing)) continue;
      element.remove();
      this.#figures.delete(thing);
    }
    for (const thing of things) this.#show(thing);
  }

  #show(thing: Thing): void {
    const { element, bubble, health } = this.#figures.get(thing) ?? this.#add(thing);
    place(element, thing);
    const speech = this.#world.speechOf(thing);
    setText(bubble, speech);
    bubble.hidden = speech === '';
    element.classList.toggle('speaks', speech !== '');
    element.classList.toggle('down', thing.health === 0);
    health.style.width = `${(100 * thing.health) / thing.fullHealth}%`;
  }

  #add(thing: Thing): Figure {
    const health = make('span');
    const bubble = make('div', { class: 'bubble' });
    const element = make(
      'div',
      { class: `figure ${thing.shape}` },
      make('div', { class: 'disc' }, iconOf(thing.shape)),
      make('div', { class: 'health' }, health),
      make('div', { class: 'label' }, thing.name),
      bubble,
    );
    const figure = { element, bubble, health };
    this.#figures.set(thing, figure);
    this.element.append(element);
    return figure;
  }
}

function place(element: HTMLElement, { x, y }: { x: number; y: number }): void {
  element.style.setProperty('--x', String(x));
  element.style.setProperty('--y', String(y));
  // A bubble stays on the stage.
  element.dataset.side = x < COLUMNS / 3 ? 'left' : x < (2 * COLUMNS) / 3 ? 'middle' : 'right';
  element.dataset.row = y === 0 ? 'first' : 'other';
}
