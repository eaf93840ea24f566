/** What a member sees of an object of his: how it is, its program, and what can be done with it. */
import { button, make, setText } from './dom';
import { iconOf } from './icons';
import type { Member, MemberState } from './member';
import type { World } from './world';

const STATES: Readonly<Record<MemberState, string>> = {
  starting: 'starting',
  running: 'running',
  stopped: 'stopped',
  travelling: 'on its way',
};

export class Card {
  readonly element: HTMLElement;
  readonly #member: Member;
  readonly #other: (world: World) => World;
  readonly #state = make('span', { class: 'state' });
  readonly #details = make('p', { class: 'details' });
  readonly #problem = make('p', { class: 'problem-line' });
  readonly #output = make('pre', { class: 'output', 'aria-label': 'Printed' });
  readonly #portal: HTMLButtonElement;
  readonly #touch: HTMLButtonElement;
  readonly #editor: HTMLTextAreaElement;

  /** `other`: the world that is at the other side of the portal. */
  constructor(member: Member, other: (world: World) => World) {
    this.#member = member;
    this.#other = other;
    const { name, shape } = member.thing;
    const id = `script-${name.toLowerCase().replaceAll(' ', '-')}`;
    this.#editor = make('textarea', {
      id,
      rows: '12',
      spellcheck: 'false',
      autocapitalize: 'off',
      autocomplete: 'off',
      wrap: 'off',
    });
    this.#editor.value = member.source;
    const run = (): void => void member.run(this.#editor.value);
    this.#editor.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      run();
    });
    this.#touch = button('Touch', () => member.world.touch(member.thing, 'you'));
    this.#portal = button('', () => void this.#send());
    this.#portal.className = 'send';
    const runButton = button('Run', run);
    runButton.className = 'primary';
    runButton.title = 'A fresh interpreter with this program (Ctrl+Enter)';
    this.element = make(
      'article',
      { class: 'card', 'aria-label': name },
      make(
        'div',
        { class: 'card-head' },
        make('span', { class: `disc ${shape}` }, iconOf(shape)),
        make('h4', {}, name),
        this.#state,
        make('div', { class: 'card-buttons' }, this.#touch, this.#portal),
      ),
      this.#details,
      this.#problem,
      make(
        'details',
        {},
        make('summary', {}, 'Script'),
        make('label', { for: id, class: 'hidden' }, `Script of ${name}`),
        this.#editor,
        make('div', { class: 'run-line' }, runButton, make('span', {}, 'Ctrl+Enter')),
        this.#output,
      ),
    );
  }

  get world(): World {
    return this.#member.world;
  }

  refresh(): void {
    const { thing, state, problem, output, world } = this.#member;
    setText(this.#state, STATES[state]);
    this.#state.dataset.state = state;
    const dealt = world.damageBy.get(thing.name) ?? 0;
    const says = world.speechOf(thing);
    setText(
      this.#details,
      [
        `Health ${thing.health.toLocaleString('en')} of ${thing.fullHealth.toLocaleString('en')}`,
        ...(dealt > 0 ? [`damage done here: ${dealt.toLocaleString('en')}`] : []),
        ...(thing.motto === '' ? [] : [`motto: ${thing.motto}`]),
        ...(says === '' ? [] : [`“${says}”`]),
      ].join(' · '),
    );
    setText(this.#problem, problem);
    this.#problem.hidden = problem === '';
    setText(this.#output, output);
    this.#output.hidden = output === '';
    setText(this.#portal, `Send ${this.#other(world).name.toLowerCase()}`);
    this.#portal.title = `Through the portal, to ${this.#other(world).name}`;
    this.#portal.disabled = state !== 'running';
    this.#touch.disabled = state !== 'running';
  }

  async #send(): Promise<void> {
    await this.#member.travel(this.#other(this.#member.world));
    this.refresh();
    // The card moves to the other column, and the focus with it.
    if (document.activeElement === document.body) this.#portal.focus();
  }
}
