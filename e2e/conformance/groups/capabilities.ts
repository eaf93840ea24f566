/** What the page gives a guest to do: functions, objects, events, and the account of it, on each engine's channel. */
import {
  attribute,
  capability,
  capabilityUse,
  fixedClock,
  method,
  ObjectKind,
  objectMethod,
  replay,
} from '../../../src/index';
import { claim, claimEqual, claimIncludes, claimMatches } from '../claims';
import { pause } from '../python';
import type { Group } from '../suite';

interface Counter {
  count: number;
}

const Counters = new ObjectKind('Counter', {
  count: attribute('int', (counter: Counter) => counter.count),
  add: objectMethod('(more: int) -> Counter', (counter: Counter, more: number) => {
    counter.count += more;
    return counter;
  }),
});

const world = capability({
  damage: method(
    '(target: str, points: int = 1) -> int',
    (_: string, points: number) => 100 - points,
  ),
  later: method('async (ms: int) -> int', async (ms: number) => {
    await pause(ms);
    return ms;
  }),
  counter: method('() -> Counter', () => ({ count: 0 })),
  text: method('(length: int) -> str', (length: number) => 'x'.repeat(length)),
  never: method('() -> None', () => new Promise(() => undefined)),
});

const given = { capabilities: { world }, kinds: [Counters] };

export const capabilities: Group = {
  'a function of the page answers, at once and later, little and much': async (workshop) => {
    const python = await workshop.open(given);
    await python.run('import world');
    claimEqual(await python.sandbox.evaluate("world.damage('orc', 5)"), 95);
    claimEqual(await python.sandbox.evaluate('world.later(20)'), 20);
    claimEqual(await python.sandbox.evaluate('len(world.text(1_000_000))'), 1_000_000);
    const outcome = await python.run("world.damage('orc', 'many')");
    claimEqual('error' in outcome ? outcome.error?.type : outcome.status, 'TypeError');
    const [use] = [...python.sandbox.calls({ name: 'capability_call' })]
      .slice(-1)
      .map(capabilityUse);
    claimMatches(use ?? {}, { subject: 'world', member: 'damage', args: ['orc', 'many'] });
  },

  'an object of the page is a handle, and the page’s own object again': async (workshop) => {
    const python = await workshop.open(given);
    await python.run('import world\ncounter = world.counter().add(3)');
    claimEqual(await python.sandbox.evaluate('counter.count'), 3);
    claimEqual(await python.sandbox.evaluate('counter'), { count: 3 });
    const outcome = await python.run('counter.constructor');
    claimEqual(outcome.status, 'error');
  },

  'a call that never answers is interrupted, and the program lives on': async (workshop) => {
    const python = await workshop.open(given);
    const running = python.run('import world\nworld.never()');
    await pause(300);
    python.sandbox.interrupt();
    claimMatches(await running, { status: 'interrupted', alive: true });
    claimEqual(await python.sandbox.evaluate("world.damage('orc')"), 99);
  },

  'events call handlers, whose coroutines go on by themselves': async (workshop) => {
    const python = await workshop.open(given);
    await python.run(`
import asyncio, glovebox, world
@glovebox.on('go')
async def go(count):
    for n in range(count):
        await asyncio.sleep(0.01)
        print('went', n, await world.later(5))`);
    claimMatches(await python.sandbox.emit('go', 3), { status: 'ok' });
    for (let waited = 0; !python.output.includes('went 2') && waited < 200; waited++)
      await pause(50);
    claimIncludes(python.output, 'went 2 5');
  },

  'a recorded run is replayed without the page’s functions': async (workshop) => {
    const python = await workshop.open({ ...given, clock: fixedClock(0, 1000), seed: 7 });
    const recording = await python.sandbox.record();
    const source = "import world, random\nprint(world.damage('orc', 5), random.random())";
    await python.run(source);
    const trace = recording.stop();
    const shown: Uint8Array[] = [];
    const onOutput = (bytes: Uint8Array): void => void shown.push(bytes.slice());
    const { guest } = workshop;
    claimMatches(await replay(trace, { guest, onOutput }), { status: 'same', entries: 1 });
    claimEqual(await new Blob(shown as BlobPart[]).text(), python.output);
    const changed = await replay(trace, { guest, sources: { 1: source.replace('5', '6') } });
    claim(changed.status === 'differs', 'another program does the same');
  },
};
