/** A world: a small grid of things, its rules, and what it lets the programs in it do. */
import {
  type AppliedManifest,
  allOf,
  applyManifest,
  attribute,
  type Call,
  type Capability,
  capability,
  method,
  ObjectKind,
  type Policy,
  Refusal,
  type SandboxOptions,
} from '../../src/index';
import { AccountBook } from './account-book';
import type { Rules } from './rules';
import { distance, type Place, type Thing } from './thing';

export const COLUMNS = 10;
export const ROWS = 6;

const SPEECH_TICKS = 5;
const SPEECH_CHARACTERS = 200;
const DOWN_TICKS = 6;
/** More than anybody sees: who was near when a program looked is still in reach when it strikes. */
const REACH = 5;

/** Who hears of what happens to a thing: the program in it. */
export interface Resident {
  tell(event: string, value: object): void;
}

export interface WorldOptions {
  readonly name: string;
  readonly rules: Rules;
  /** Where things come in. */
  readonly portal: Place;
  /** Something is to be seen that was not before. */
  readonly onChange: () => void;
}

type CapabilityName = 'world' | 'treasury';

/** The rule that no manifest can write down: it is about the object itself. */
const ownersOnly: Policy = ({ access, target, actor }) =>
  access !== 'set' || target === actor ? 'allow' : 'unauthorized';

export class World {
  readonly name: string;
  readonly rules: Rules;
  readonly portal: Place;
  readonly account: AccountBook;
  /** Points of damage done here, by name. */
  readonly damageBy = new Map<string, number>();
  readonly #options: WorldOptions;
  readonly #things = new Map<string, Thing>();
  readonly #residents = new Map<Thing, Resident>();
  readonly #kind: ObjectKind;
  /** By name of the thing: a budget is for a thing and a world, and coming back does not renew it. */
  readonly #applied = new Map<string, AppliedManifest<CapabilityName>>();
  #ticks = 0;

  constructor(options: WorldOptions) {
    this.#options = options;
    this.name = options.name;
    this.rules = options.rules;
    this.portal = options.portal;
    this.account = new AccountBook(options.onChange);
    this.#kind = new ObjectKind(
      'Thing',
      {
        name: attribute('str', (thing: Thing) => thing.name),
        health: attribute('int', (thing: Thing) => thing.health),
        x: attribute('int', (thing: Thing) => thing.x),
        y: attribute('int', (thing: Thing) => thing.y),
        motto: attribute(
          'str',
          (thing: Thing) => thing.motto,
          (thing: Thing, motto: string) => {
            thing.motto = motto.slice(0, SPEECH_CHARACTERS);
            options.onChange();
          },
        ),
      },
      'Something in the world.',
    );
  }

  get things(): Iterable<Thing> {
    return this.#things.values();
  }

  has(thing: Thing): boolean {
    return this.#things.get(thing.name) === thing;
  }

  speechOf(thing: Thing): string {
    return thing.speechEnds > this.#ticks ? thing.speech : '';
  }

  /** What a program needs that is to run in this thing. */
  optionsFor(thing: Thing): Omit<SandboxOptions, 'guest'> {
    let applied = this.#applied.get(thing.name);
    if (applied === undefined) {
      const { manifest } = this.rules;
      applied = applyManifest(manifest, this.#capabilities(), { kinds: [this.#kind] });
      this.#applied.set(thing.name, applied);
    }
    const { capabilities, kinds, policy } = applied;
    const { limits } = this.rules;
    return { capabilities, kinds, policy: allOf(policy, ownersOnly), actor: thing, limits };
  }

  /** Puts a thing on a free place near the one that is wanted. */
  enter(thing: Thing, resident?: Resident, wanted: Place = thing): void {
    Object.assign(thing, this.#freePlaceNear(wanted), { speech: '', speechEnds: 0 });
    this.#things.set(thing.name, thing);
    if (resident !== undefined) this.#residents.set(thing, resident);
    this.#kind.grant(thing);
    this.#options.onChange();
  }

  /** From now on every handle of it in this world is dead. */
  leave(thing: Thing): void {
    this.#things.delete(thing.name);
    this.#residents.delete(thing);
    this.#kind.revoke(thing);
    this.#options.onChange();
  }

  tick(): void {
    this.#ticks++;
    for (const thing of this.#things.values()) {
      if (thing.health > 0 || this.#ticks < thing.risesAt) continue;
      thing.health = thing.fullHealth;
    }
    for (const resident of this.#residents.values()) {
      resident.tell('tick', { number: this.#ticks, world: this.name });
    }
    this.#options.onChange();
  }

  /** `who`: a name, of a thing or of who looks at the page. */
  touch(thing: Thing, who: string): void {
    this.#residents.get(thing)?.tell('touched', { who });
  }

  #capabilities(): Readonly<Record<CapabilityName, Capability>> {
    const world = capability({
      name: method('() -> str', () => this.name, 'What this world is called.'),
      me: method('() -> Thing', this.#asActor(identity), 'What this program is in.'),
      near: method(
        '(reach: int = 2) -> list[Thing]',
        this.#asActor((me, reach: number) => this.#near(me, reach)),
        'What stands near, the nearest first.',
      ),
      find: method('(name: str) -> Thing', (name: string) => this.#find(name), 'By its name.'),
      move: method(
        '(dx: int, dy: int) -> bool',
        this.#asActor((me, dx: number, dy: number) => this.#move(me, dx, dy)),
        'Whether there was room.',
      ),
      say: method(
        '(text: str) -> None',
        this.#asActor((me, text: string) => this.#say(me, text)),
      ),
      touch: method(
        '(target: Thing) -> None',
        this.#asActor((me, target: Thing) => this.touch(this.#here(target), me.name)),
        'The target gets the event "touched".',
      ),
      damage: method(
        '(target: Thing, points: int) -> int',
        this.#asActor((me, target: Thing, points: number) => this.#damage(me, target, points)),
        'Takes points from its health; gives what is left.',
      ),
    });
    // Not there for programs in a world whose rules never mention it.
    const treasury = capability({ count: method('() -> int', () => 12_000) });
    return { world, treasury };
  }

  /** With who acts in the place of `this`. It has left when a call arrives that was under way. */
  #asActor<Args extends unknown[]>(run: (me: Thing, ...args: Args) => unknown) {
    const here = (actor: unknown): Thing => this.#here(actor as Thing);
    return function (this: Call, ...args: Args): unknown {
      return run(here(this.actor), ...args);
    };
  }

  #here(thing: Thing): Thing {
    if (this.has(thing)) return thing;
    throw new Refusal('not-here', 'that is not in this world');
  }

  #find(name: string): Thing {
    const thing = this.#things.get(name);
    if (thing !== undefined) return thing;
    throw new Refusal('not-here', 'nothing of that name is in this world');
  }

  #near(me: Thing, reach: number): Thing[] {
    return [...this.#things.values()]
      .filter((thing) => thing !== me && thing.health > 0 && distance(me, thing) <= reach)
      .sort((a, b) => distance(me, a) - distance(me, b));
  }

  #move(me: Thing, dx: number, dy: number): boolean {
    const place = { x: me.x + dx, y: me.y + dy };
    if (me.health === 0 || !this.#isFree(place)) return false;
    Object.assign(me, place);
    this.#options.onChange();
    return true;
  }

  #say(me: Thing, text: string): void {
    me.speech = text.slice(0, SPEECH_CHARACTERS);
    me.speechEnds = this.#ticks + SPEECH_TICKS;
    this.#options.onChange();
  }

  #damage(me: Thing, target: Thing, points: number): number {
    if (points < 0) throw new Refusal('no-healing', 'damage is not for healing');
    if (distance(me, this.#here(target)) > REACH) throw new Refusal('too-far', 'that is too far');
    this.damageBy.set(me.name, (this.damageBy.get(me.name) ?? 0) + points);
    target.health = Math.max(0, target.health - points);
    if (target.health === 0) target.risesAt = this.#ticks + DOWN_TICKS;
    this.#residents.get(target)?.tell('damaged', { by: me.name, points, health: target.health });
    this.#options.onChange();
    return target.health;
  }

  #isFree({ x, y }: Place): boolean {
    if (x < 0 || y < 0 || x >= COLUMNS || y >= ROWS) return false;
    return ![...this.#things.values()].some((thing) => thing.x === x && thing.y === y);
  }

  #freePlaceNear(wanted: Place): Place {
    const places = Array.from({ length: COLUMNS * ROWS }, (_, index) => ({
      x: index % COLUMNS,
      y: Math.floor(index / COLUMNS),
    }));
    const free = places.filter((place) => this.#isFree(place));
    const things = [...this.#things.values()];
    // Rather a step away than where two would stand on each other's toes.
    const cost = (place: Place): number =>
      distance(place, wanted) + 2 * things.filter((thing) => distance(thing, place) < 2).length;
    return free.sort((a, b) => cost(a) - cost(b))[0] ?? wanted;
  }
}

function identity(thing: Thing): Thing {
  return thing;
}
