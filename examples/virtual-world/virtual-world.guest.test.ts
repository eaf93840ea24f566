/** The example without its page: the same worlds, with the interpreter in Node workers. */
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect } from 'vitest';
import type { PythonGuest } from '../../src/controller/python-guest';
import { Sandbox } from '../../src/controller/sandbox';
import { guestIt as it, pause, platform } from '../../src/testing/guest-test';
import { createWorlds, type Scripts, type Worlds } from './cast';
import type { Member } from './member';
import type { World } from './world';

const read = (name: string) => readFileSync(new URL(`scripts/${name}.py`, import.meta.url), 'utf8');
const scripts: Scripts = {
  ...{ jane: read('jane'), bob: read('bob'), sword: read('sword') },
  ...{ parrot: read('parrot'), spy: read('spy') },
};

const opened: Member[] = [];
afterEach(() => {
  for (const member of opened.splice(0)) member.dispose();
});

function open(guest: PythonGuest): Worlds & { member(name: string): Member } {
  const worlds = createWorlds(scripts, {
    create: (options) => Sandbox.create({ guest, ...options }, platform),
    restore: (image, options) => Sandbox.restore(image, { guest, ...options }, platform),
  });
  opened.push(...worlds.members);
  const member = (name: string): Member => {
    const found = worlds.members.find(({ thing }) => thing.name === name);
    if (found === undefined) throw new Error(`no ${name}`);
    return found;
  };
  return { ...worlds, member };
}

async function ticks(world: World, until: () => boolean): Promise<void> {
  for (let tick = 0; tick < 500 && !until(); tick++) {
    world.tick();
    await pause(10);
  }
  expect(until()).toBe(true);
}

const swings = (member: Member): number => Number(/^Swing (\d+)/.exec(member.thing.speech)?.[1]);

describe('the virtual world', () => {
  it('lets a sword do 5,000 points abroad that counts on where it was', async ({ guest }) => {
    const { home, abroad, member } = open(guest);
    const sword = member('Ultimate Sword');
    await sword.run();
    await ticks(home, () => (home.damageBy.get('Ultimate Sword') ?? 0) > 5_000);
    const before = swings(sword);
    await sword.travel(abroad);
    expect(sword.problem).toBe('');
    expect([...home.things]).not.toContain(sword.thing);
    await ticks(abroad, () => sword.thing.speech.includes('no more damage'));
    expect(abroad.damageBy.get('Ultimate Sword')).toBe(5_000);
    expect(swings(sword)).toBeGreaterThanOrEqual(before + 11);
    expect(abroad.account.rows[0]).toMatchObject({
      who: 'Ultimate Sword',
      asked: 'world.damage(thing, 500)',
      refusal: expect.stringContaining('budget used up'),
    });
    // Home and abroad again: the budget is no new one.
    await sword.travel(home);
    await sword.travel(abroad);
    sword.thing.speech = '';
    await ticks(abroad, () => sword.thing.speech.includes('no more damage'));
    expect(abroad.damageBy.get('Ultimate Sword')).toBe(5_000);
  });

  it('refuses what the spy tries, and says so', async ({ guest }) => {
    const { home, abroad, member } = open(guest);
    const spy = member('Spy');
    await spy.run();
    const refused = (world: World): string[] =>
      world.account.rows.flatMap(({ asked, refusal }) =>
        refusal === undefined ? [] : [`${asked} ${refusal}`],
      );
    await ticks(home, () => refused(home).length >= 5);
    expect(refused(home).sort()).toEqual([
      'change thing.motto not allowed: Thing.motto: not you, or not now',
      'file /etc/shadow no such file is in its sandbox',
      expect.stringContaining('read thing.diary forbidden'),
      expect.stringContaining('treasury.count() not allowed'),
      expect.stringContaining('world.damage("Bob", 1000000000) wrong arguments'),
    ]);
    await spy.travel(abroad);
    await ticks(abroad, () => refused(abroad).length >= 6);
    expect(refused(abroad).join('\n')).toContain('world.move(5, 0) forbidden');
  });

  it('brings back what is too large for the rules abroad', async ({ guest }) => {
    const { home, abroad, member } = open(guest);
    const bob = member('Bob');
    await bob.run('kept = bytes(range(1, 256)) * (120 << 10)');
    await bob.travel(abroad);
    expect(bob.problem).toMatch(/^Could not go: /);
    expect(bob).toMatchObject({ state: 'running', world: home });
    expect([...abroad.things]).not.toContain(bob.thing);
  });

  it('stops a loop without end and goes on with the others', async ({ guest }) => {
    const { home, member } = open(guest);
    const [bob, jane] = [member('Bob'), member('Jane')];
    await bob.run("import glovebox\n@glovebox.on('tick')\ndef f(event):\n    while True: pass");
    await jane.run();
    await ticks(home, () => bob.state === 'stopped');
    expect(bob.problem).toBe('Stopped at its limit of steps.');
    expect(jane.state).toBe('running');
  });
});
