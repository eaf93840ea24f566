import { describe, expect, test } from 'vitest';
import { ControllerHarness } from '../testing/controller-harness';
import type { StdinSource } from './stdin';

async function open(source?: StdinSource) {
  const world = await ControllerHarness.open({ stdin: source });
  const read = async (into = 100): Promise<string> => {
    const { errno, payload } = await world.call('fd_read', { fd: 0, into });
    return errno === 'SUCCESS' ? new TextDecoder().decode(payload) : errno;
  };
  return { world, read, interrupt: () => world.context.interruption.interrupt() };
}

/** A source that answers when it is told to. */
function questions() {
  const open: {
    resolve: (value: string | Uint8Array | null) => void;
    reject: (e: Error) => void;
  }[] = [];
  const source: StdinSource = () =>
    new Promise((resolve, reject) => {
      open.push({ resolve, reject });
    });
  return { open, source };
}

const ANSWERS: readonly (readonly [string, StdinSource, string])[] = [
  ['text at once', () => 'äb', 'äb'],
  ['text later', () => Promise.resolve('text'), 'text'],
  ['bytes', () => Uint8Array.of(0x78, 0x79), 'xy'],
  ['the end', () => null, ''],
  ['nothing at all', () => undefined as unknown as null, ''],
  ['empty text, which is the end', () => '', ''],
  ['an exception', throwing, 'EIO'],
  ['a rejection', () => Promise.reject(new Error('no')), 'EIO'],
  ['a number', () => 42 as unknown as string, 'EIO'],
  ['an object with a length', () => ({ length: 3 }) as unknown as string, 'EIO'],
  ['a promise of junk', () => Promise.resolve([1, 2]) as unknown as Promise<string>, 'EIO'],
];

describe('a source', () => {
  test.each(ANSWERS)('may give %s', async (_title, source, expected) => {
    const { world, read } = await open(source);
    expect(await read()).toBe(expected);
    expect(world.faults).toHaveLength(expected === 'EIO' ? 1 : 0);
  });

  test('may be missing: then there is no input', async () => {
    const { read } = await open();
    expect([await read(), await read()]).toEqual(['', '']);
  });

  test('is asked only when the guest wants something and nothing is left', async () => {
    const pieces = ['abcdef', 'gh', null, 'after the end'];
    let asked = 0;
    const { read } = await open(() => pieces[asked++] ?? null);
    expect([await read(0), asked]).toEqual(['', 0]);
    expect([await read(4), await read(4), asked]).toEqual(['abcd', 'ef', 1]);
    expect([await read(4), await read(4), await read(99)]).toEqual(['gh', '', 'after the end']);
  });

  test('may use its bytes again', async () => {
    const piece = Uint8Array.of(0x61, 0x62);
    const { read } = await open(() => piece);
    expect(await read(1)).toBe('a');
    piece.fill(0x7a);
    expect(await read(1)).toBe('b');
  });

  test('that fails once can be asked again', async () => {
    let asked = 0;
    const { read } = await open(() => (asked++ === 0 ? throwing() : 'fine'));
    expect([await read(), await read()]).toEqual(['EIO', 'fine']);
  });
});

function throwing(): never {
  throw new Error('host detail');
}

describe('an interrupted read', () => {
  test('is EINTR, and its answer goes to the next read', async () => {
    const { open: asked, source } = questions();
    const { read, interrupt } = await open(source);
    const first = read();
    interrupt();
    expect(await first).toBe('EINTR');
    const second = read();
    asked[0]?.resolve('the answer');
    expect(await second).toBe('the answer');
    expect(asked).toHaveLength(1);
  });

  test.each([
    ['text', 'between', 'between'],
    ['the end', null, ''],
  ])('keeps an answer that comes while nobody reads: %s', async (_title, answer, expected) => {
    const { open: asked, source } = questions();
    const { read, interrupt } = await open(source);
    const first = read();
    interrupt();
    await first;
    asked[0]?.resolve(answer);
    await new Promise((resolve) => setTimeout(resolve));
    expect(await read()).toBe(expected);
    expect(asked).toHaveLength(1);
  });

  test('whose source fails afterwards is told to the page, and the next read asks again', async () => {
    const { open: asked, source } = questions();
    const { world, read, interrupt } = await open(source);
    const first = read();
    interrupt();
    await first;
    asked[0]?.reject(new Error('gone'));
    await new Promise((resolve) => setTimeout(resolve));
    expect(world.faults).toHaveLength(1);
    const second = read();
    asked[1]?.resolve('again');
    expect(await second).toBe('again');
  });
});

test('the clock of the run stands still while the user is asked', async () => {
  const { open: asked, source } = questions();
  const { world, read } = await open(source);
  const { wall } = world.watchdog;
  wall.start(60_000, () => undefined);
  const reading = read();
  const before = wall.elapsedMs;
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(wall.elapsedMs).toBe(before);
  asked[0]?.resolve('x');
  await reading;
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(wall.elapsedMs).toBeGreaterThan(before);
  wall.stop();
});
