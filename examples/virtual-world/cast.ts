/** Who and what is there at first. */
import { Member, type Sandboxes } from './member';
import { abroadRules, homeRules } from './rules';
import { createThing, type Thing } from './thing';
import { World } from './world';

/** The members' programs, by file. */
export type Scripts = Readonly<Record<'jane' | 'bob' | 'sword' | 'parrot' | 'spy', string>>;

export interface Worlds {
  readonly home: World;
  readonly abroad: World;
  readonly members: readonly Member[];
}

/** Nothing runs yet: `run` each member. */
export function createWorlds(
  scripts: Scripts,
  sandboxes: Sandboxes,
  onChange: () => void = () => undefined,
): Worlds {
  const home = new World({
    ...{ name: 'Home', rules: homeRules, portal: { x: 8, y: 1 }, onChange },
  });
  const abroad = new World({
    ...{ name: 'Abroad', rules: abroadRules, portal: { x: 1, y: 2 }, onChange },
  });
  home.enter(createThing('Straw dummy', 'dummy', { x: 6, y: 4 }, 4_000));
  abroad.enter(createThing('Stone guard', 'dummy', { x: 3, y: 3 }, 20_000));
  abroad.enter(createThing('Kitten', 'kitten', { x: 7, y: 1 }, 900));
  const member = (thing: Thing, source: string): Member =>
    new Member(thing, source, home, sandboxes, onChange);
  const members = [
    member(createThing('Jane', 'person', { x: 1, y: 3 }), scripts.jane),
    member(createThing('Bob', 'person', { x: 4, y: 1 }), scripts.bob),
    member(createThing('Ultimate Sword', 'sword', { x: 8, y: 3 }), scripts.sword),
    member(createThing('Parrot', 'parrot', { x: 1, y: 1 }), scripts.parrot),
    member(createThing('Spy', 'spy', { x: 3, y: 5 }), scripts.spy),
  ];
  return { home, abroad, members };
}
