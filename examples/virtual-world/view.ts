/** The page: a column for each world. */
import type { AccountRow } from './account-book';
import { Card } from './card';
import type { Worlds } from './cast';
import { make } from './dom';
import { limitsInWords, rulesInWords } from './rules';
import { Stage } from './stage';
import type { World } from './world';

const SHOWN_ROWS = 40;

export class WorldsView {
  readonly #columns: readonly Column[];
  readonly #cards: readonly Card[];
  #isPlanned = false;

  constructor(parent: HTMLElement, { home, abroad, members }: Worlds) {
    this.#columns = [new Column(home), new Column(abroad)];
    const other = (world: World): World => (world === home ? abroad : home);
    this.#cards = members.map((member) => new Card(member, other));
    parent.append(...this.#columns.map(({ element }) => element));
    this.refresh();
  }

  /** Once a frame, however much happened. */
  refresh(): void {
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    requestAnimationFrame(() => {
      this.#isPlanned = false;
      for (const column of this.#columns) column.refresh(this.#cards);
    });
  }
}

class Column {
  readonly element: HTMLElement;
  readonly #world: World;
  readonly #stage: Stage;
  readonly #cards = make('div', { class: 'cards' });
  readonly #nobody = make('p', { class: 'quiet' }, 'No member’s object is here.');
  readonly #onlyRefusals = make('input', { type: 'checkbox' });
  readonly #rows = make('tbody');
  #shown: readonly AccountRow[] | undefined;

  constructor(world: World) {
    this.#world = world;
    this.#stage = new Stage(world);
    this.#onlyRefusals.checked = true;
    this.#onlyRefusals.addEventListener('change', () => this.#showAccount());
    const heading = (text: string) => make('h3', {}, text);
    const head = ['Object', 'Asked for', 'Answer', 'Times'].map((text) =>
      make('th', { scope: 'col' }, text),
    );
    this.element = make(
      'section',
      { class: 'world', 'aria-label': world.name },
      make('h2', {}, world.name),
      this.#stage.element,
      heading('Objects and their scripts'),
      this.#cards,
      this.#nobody,
      make(
        'details',
        { class: 'rules', open: '' },
        make('summary', {}, heading('Rules')),
        make('ul', {}, ...rulesInWords(world.rules.manifest).map((text) => make('li', {}, text))),
        make('p', {}, limitsInWords(world.rules)),
      ),
      make(
        'div',
        { class: 'account-head' },
        heading('Account'),
        make('label', {}, this.#onlyRefusals, 'refusals only'),
      ),
      make(
        'div',
        {
          class: 'account',
          tabindex: '0',
          role: 'region',
          'aria-label': `Account of ${world.name}`,
        },
        make('table', {}, make('thead', {}, make('tr', {}, ...head)), this.#rows),
      ),
    );
  }

  refresh(cards: readonly Card[]): void {
    this.#stage.refresh();
    for (const card of cards) {
      if (card.world !== this.#world) continue;
      if (card.element.parentElement !== this.#cards) this.#cards.append(card.element);
      card.refresh();
    }
    this.#nobody.hidden = this.#cards.childElementCount > 0;
    this.#showAccount();
  }

  #showAccount(): void {
    const { checked } = this.#onlyRefusals;
    const all = this.#world.account.rows;
    const rows = all.filter((row) => !checked || row.refusal !== undefined).slice(0, SHOWN_ROWS);
    const shown = this.#shown;
    if (rows.length === shown?.length && rows.every((row, at) => row === shown[at])) return;
    this.#shown = rows;
    const nothing = checked ? 'Nothing was refused so far.' : 'Nothing was asked for so far.';
    this.#rows.replaceChildren(...(rows.length > 0 ? rows.map(accountRow) : [emptyRow(nothing)]));
  }
}

function emptyRow(text: string): HTMLElement {
  return make('tr', {}, make('td', { class: 'quiet', colspan: '4' }, text));
}

function accountRow({ who, asked, refusal, times }: AccountRow): HTMLElement {
  return make(
    'tr',
    { class: refusal === undefined ? 'allowed' : 'refused' },
    make('th', { scope: 'row' }, who),
    make('td', {}, make('code', {}, asked)),
    make('td', {}, refusal ?? 'allowed'),
    make('td', { class: 'times' }, String(times)),
  );
}
