import { describe, expect, test } from 'vitest';
import { LoopbackChannel } from '../channel/loopback';
import { encodeRefusal, ReplyWriter, type Request, RequestReader } from '../protocol/frame';
import type { MemoryImage } from '../protocol/memory-image';
import { compile } from '../testing/wat';
import { Guest } from './guest';

const WASI = 'wasi_snapshot_preview1';
const EXIT = `(import "${WASI}" "proc_exit" (func $exit (param i32)))`;
const CLOSE = `(import "${WASI}" "fd_close" (func $close (param i32) (result i32)))`;
const TELL = `(import "${WASI}" "fd_tell" (func $tell (param i32 i32) (result i32)))`;
const YIELD = `(import "${WASI}" "sched_yield" (func $yield (result i32)))`;

interface Started {
  readonly guest: Guest;
  readonly requests: Request[];
  readonly started: Awaited<ReturnType<Guest['start']>>;
}

/** The tests bring a caller of their own. */
const UNUSED_END = { kind: 'shared', memory: new SharedArrayBuffer(16) } as const;

/** A module over a controller that answers each call, `fd_tell` with 2^40. */
async function start(
  fields: string,
  memory = { initialPages: 1, maximumPages: 4 },
  image?: MemoryImage,
  depth?: number,
): Promise<Started> {
  const requests: Request[] = [];
  const channel = new LoopbackChannel();
  const reader = new RequestReader();
  channel.serve((frame) => {
    const request = reader.read(frame);
    requests.push(request);
    return request.name === 'fd_tell'
      ? new ReplyWriter().write('fd_tell', 2n ** 40n)
      : encodeRefusal(0);
  });
  const guest = new Guest(() => channel);
  const module = compile(`(module ${fields})`);
  const started = await guest.start({
    instance: { module, memory, image, channel: UNUSED_END.kind },
    initialize: image === undefined,
    mostDepth: 1000,
    depth,
    channel: UNUSED_END,
  });
  return { guest, requests, started };
}

describe('entering a guest', () => {
  test('gives the status of its export, and the size of its memory', async () => {
    const { guest, started } = await start(`(memory (export "memory") 3)
      (func (export "none"))
      (func (export "seven") (result i32) (i32.const 7))
      (func (export "wide") (result i64) (i64.const 7))`);
    expect(started).toEqual({ kind: 'returned', status: 0, fuel: 0, heapBytes: 3 * 65_536 });
    expect(await guest.enter('seven')).toMatchObject({ kind: 'returned', status: 7 });
    for (const entry of ['none', 'wide', 'missing', 'memory', 'toString', '__proto__']) {
      expect(await guest.enter(entry)).toMatchObject({ kind: 'returned', status: 0 });
    }
  });

  test('runs _initialize at the start, once, and whatever the module starts by itself', async () => {
    const { requests } = await start(`${CLOSE} (memory (export "memory") 1)
      (func $begin (drop (call $close (i32.const 1)))) (start $begin)
      (func (export "_initialize") (drop (call $close (i32.const 2))))`);
    expect(requests.map(({ args }) => args)).toEqual([{ fd: 1 }, { fd: 2 }]);
  });

  test('keeps its state from one entry to the next', async () => {
    const { guest } = await start(`(global $count (mut i32) (i32.const 0))
      (func (export "count") (result i32)
        (global.set $count (i32.add (global.get $count) (i32.const 1)))
        (global.get $count))`);
    await guest.enter('count');
    expect(await guest.enter('count')).toMatchObject({ status: 2 });
  });
});

describe('an instance that is prepared', () => {
  const rest = { initialize: true, mostDepth: 1000, channel: UNUSED_END };
  const memory = { initialPages: 1, maximumPages: 4 };

  test('begins only when it is started, with the host that it has then', async () => {
    let calls = 0;
    const channel = new LoopbackChannel();
    channel.serve(() => {
      calls += 1;
      return encodeRefusal(0);
    });
    const guest = new Guest(() => channel);
    const module = compile(`(module ${CLOSE} (memory (export "memory") 2)
      (func (export "_initialize") (drop (call $close (i32.const 2)))))`);
    expect(await guest.prepare({ module, memory, channel: 'shared' })).toBe(true);
    expect(calls).toBe(0);
    expect(await guest.start(rest)).toMatchObject({ kind: 'returned', heapBytes: 2 * 65_536 });
    expect(calls).toBe(1);
  });

  test('makes way for another one', async () => {
    const guest = new Guest(() => new LoopbackChannel());
    const moduleOf = (pages: number) => compile(`(module (memory (export "memory") ${pages}))`);
    await guest.prepare({ module: moduleOf(3), memory, channel: 'shared' });
    const instance = { module: moduleOf(2), memory, channel: 'shared' } as const;
    expect(await guest.start({ ...rest, instance })).toMatchObject({ heapBytes: 2 * 65_536 });
  });

  test('is not there where the module can not be made one: who starts it all the same hears why', async () => {
    const guest = new Guest(() => new LoopbackChannel());
    const module = compile(`(module ${CLOSE} (memory (export "memory") 1)
      (func $begin (drop (call $close (i32.const 1)))) (start $begin))`);
    expect(await guest.prepare({ module, memory, channel: 'shared' })).toBe(false);
    expect(await guest.start(rest)).toMatchObject({
      kind: 'trap',
      message: 'a guest that is not started has no host',
    });
  });

  test('has to be made by somebody', async () => {
    const guest = new Guest(() => new LoopbackChannel());
    await expect(guest.start(rest)).rejects.toThrow('there is nothing to start');
  });
});

async function captureOf({ guest }: Started): Promise<MemoryImage> {
  return (await guest.capture()).image;
}

describe('a memory image', () => {
  const counter = `(import "env" "memory" (memory 1)) ${CLOSE}
    (data (i32.const 512) "\\07\\07\\07\\07")
    (func (export "_initialize") (i32.store (i32.const 512) (i32.const 0))
      (i32.store (i32.const 0) (i32.const 40)))
    (func (export "count") (result i32)
      (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 1)))
      (i32.load (i32.const 0)))
    (func (export "cleared") (result i32) (i32.load (i32.const 512)))
    (func (export "grow") (drop (memory.grow (i32.const 2)))
      (i32.store (i32.const 150000) (i32.const 9)))
    (func (export "far") (result i32) (i32.load (i32.const 150000)))`;

  test('goes on in another guest, which is not initialized again', async () => {
    const one = await start(counter);
    await one.guest.enter('count');
    await one.guest.enter('grow');
    const image = await captureOf(one);
    expect(image.pages).toBe(3);

    const other = await start(counter, undefined, image);
    expect(other.started).toMatchObject({ kind: 'returned', heapBytes: 3 * 65_536 });
    expect(await other.guest.enter('count')).toMatchObject({ status: 42 });
    expect(await other.guest.enter('cleared')).toMatchObject({ status: 0 });
    expect(await other.guest.enter('far')).toMatchObject({ status: 9 });
    expect(await one.guest.enter('count')).toMatchObject({ status: 42 });
  });

  test('of a guest that came from an image holds what is new since', async () => {
    const first = await captureOf(await start(counter));
    const { guest } = await start(counter, undefined, first);
    expect((await guest.capture()).image.bytes).toHaveLength(0);
    await guest.enter('count');
    const { parts } = (await guest.capture()).image;
    expect([...parts]).toEqual([0, 256]);
  });

  test('is larger than the memory may get: the guest does not start', async () => {
    const one = await start(counter);
    await one.guest.enter('grow');
    const image = await captureOf(one);
    const small = await start(counter, { initialPages: 1, maximumPages: 2 }, image);
    expect(small.started).toMatchObject({ kind: 'trap' });
  });

  test('makes a guest go on where another one was, in memory that grows for it', async () => {
    const base = await captureOf(await start(counter));
    const one = await start(counter, undefined, base);
    await one.guest.enter('count');
    await one.guest.enter('grow');
    const snapshot = await captureOf(one);
    expect(snapshot.pages).toBe(3);
    const other = await start(counter, undefined, base);
    await other.guest.restore(snapshot);
    expect((await captureOf(other)).bytes).toEqual(snapshot.bytes);
    const [next, nextOfOne] = [await other.guest.enter('count'), await one.guest.enter('count')];
    expect(next).toEqual(nextOfOne);
    expect(next.heapBytes).toBe(3 * 65_536);
  });

  test('is compared with what another guest was compared with', async () => {
    const [one, other] = [await start(counter), await start(counter)];
    const { original } = await one.guest.capture();
    expect(original).toBeInstanceOf(SharedArrayBuffer);
    await other.guest.enter('count');
    const expected = await captureOf(other);
    expect((await other.guest.capture(original)).image).toEqual(expected);
  });

  test('makes another guest in the place of one, of which nothing is left', async () => {
    const base = await captureOf(await start(counter));
    const { guest } = await start(counter, undefined, base);
    await guest.enter('count');
    await guest.enter('grow');
    await guest.renew();
    expect((await guest.capture()).image.bytes).toHaveLength(0);
    expect(await guest.enter('count')).toMatchObject({ status: 41, heapBytes: 65_536 });
    const none = new Guest(() => new LoopbackChannel());
    await expect(none.renew()).rejects.toThrow('no guest');
  });

  test('makes a guest go on where another one was, although it has run, where that can be undone', async () => {
    const base = await captureOf(await start(counter));
    const one = await start(counter, undefined, base);
    await one.guest.enter('count');
    const snapshot = await captureOf(one);
    for (const history of [
      ['count', 'count'],
      ['count', 'grow'],
    ]) {
      const other = await start(counter, undefined, base);
      const { original } = await other.guest.capture();
      for (const entry of history) await other.guest.enter(entry);
      expect(await other.guest.keepUndo(original)).toBe(original);
      await other.guest.restore(snapshot);
      expect(await captureOf(other)).toEqual(snapshot);
      expect((await other.guest.enter('count')).kind).toBe('returned');
    }
    const none = new Guest(() => new LoopbackChannel());
    await expect(none.keepUndo()).rejects.toThrow('no guest');
  });

  test('that is larger than its limit, or smaller than a start, makes no guest', async () => {
    const nothing = { parts: new Uint32Array(0), bytes: new Uint8Array(0) };
    for (const pages of [0, 5]) {
      const { guest } = await start(counter);
      await expect(guest.restore({ pages, ...nothing })).rejects.toThrow();
    }
    const none = new Guest(() => new LoopbackChannel());
    await expect(none.restore({ pages: 1, ...nothing })).rejects.toThrow('no guest');
  });

  test('can not be taken where there is no guest, or of a module with a start of its own', async () => {
    await expect(new Guest(() => new LoopbackChannel()).capture()).rejects.toThrow('no guest');
    const { guest } = await start(`${CLOSE} (memory (export "memory") 1)
      (func $begin (drop (call $close (i32.const 1)))) (start $begin)`);
    await expect(guest.capture()).rejects.toThrow('can not be captured');
  });
});

describe('proc_exit', () => {
  const deep = `${EXIT} (memory (export "memory") 1)
    (func $inner (call $exit (i32.const 42)))
    (func $outer (call $inner) (unreachable))`;

  test('leaves all frames of the guest', async () => {
    const { guest, requests } = await start(`${deep} (func (export "_start") (call $outer))`);
    expect(await guest.enter('_start')).toEqual({
      kind: 'exit',
      code: 42,
      fuel: 0,
      heapBytes: 65_536,
    });
    expect(requests).toMatchObject([{ name: 'proc_exit', args: { code: 42 } }]);
  });

  test('at the start is an exit, too', async () => {
    expect((await start(`${deep} (start $outer)`)).started).toMatchObject({
      kind: 'exit',
      code: 42,
    });
    const { started } = await start(`${deep} (func (export "_initialize") (call $outer))`);
    expect(started).toMatchObject({ kind: 'exit', code: 42 });
  });
});

describe('a fault of the guest', () => {
  test.each([
    ['unreachable', '(unreachable)'],
    ['a load outside', '(drop (i32.load (i32.const 0x7fffffff)))'],
    ['a store that wraps around', '(i32.store offset=4 (i32.const -1) (i32.const 0))'],
    ['a division by zero', '(drop (i32.div_u (i32.const 1) (i32.const 0)))'],
    ['an endless recursion', '(call $again)'],
    ['an empty table slot', '(call_indirect (i32.const 0))'],
  ])('is a trap, not an exception: %s', async (_title, body) => {
    const { guest } = await start(`(memory (export "memory") 1) (table 1 funcref)
      (func $again (call $again) (call $again))
      (func (export "_start") ${body})`);
    const end = await guest.enter('_start');
    expect(end).toMatchObject({ kind: 'trap', heapBytes: 65_536 });
    expect('message' in end && end.message).toBeTruthy();
  });

  test('at the start is a trap, too', async () => {
    expect((await start('(func $f (unreachable)) (start $f)')).started.kind).toBe('trap');
    const { started } = await start('(func (export "_initialize") (unreachable))');
    expect(started.kind).toBe('trap');
  });

  test.each([
    ['floats', '(param f64 f64) (result i32)', '(f64.const nan) (f64.const 1e300)'],
    ['references', '(param externref funcref) (result i32)', '(ref.null extern) (ref.func $self)'],
    ['a wide descriptor', '(param i64 i32) (result i32)', '(i64.const -1) (i32.const 8)'],
    ['too few', '(result i32)', ''],
    ['too many', '(param i32 i32 i32) (result i32)', '(i32.const 1) (i32.const 8) (i32.const 8)'],
  ])('by imports of other types is contained: %s', async (_title, type, values) => {
    const { guest } = await start(`(import "${WASI}" "fd_tell" (func $tell ${type}))
      (memory (export "memory") 1) (elem declare func $self)
      (func $self (export "_start") (drop (call $tell ${values})))`);
    expect(['returned', 'trap']).toContain((await guest.enter('_start')).kind);
  });

  test.each([
    ['floats for 64 bits', '(param i32 f64 i32 i32) (result i32)', 'fd_seek', '(f64.const 0.5)'],
    ['a wide result', '(param i32 i64 i32 i32) (result i64)', 'fd_seek', '(i64.const 1)'],
  ])(
    'by calls that JavaScript can not convert is a trap: %s',
    async (_title, type, name, value) => {
      const { guest } = await start(`(import "${WASI}" "${name}" (func $seek ${type}))
      (memory (export "memory") 1)
      (func (export "_start")
        (drop (call $seek (i32.const 1) ${value} (i32.const 0) (i32.const 8))))`);
      expect((await guest.enter('_start')).kind).toBe('trap');
    },
  );
});

describe('the memory', () => {
  test('that a module imports has the size that was ordered, and its maximum', async () => {
    const { guest, started } = await start(`(import "any" "name" (memory 1))
      (func (export "grow") (result i32) (memory.grow (i32.const 1)))
      (func (export "many") (result i32) (memory.grow (i32.const 60000)))`);
    expect(started.heapBytes).toBe(65_536);
    expect(await guest.enter('grow')).toMatchObject({ status: 1, heapBytes: 2 * 65_536 });
    expect(await guest.enter('many')).toMatchObject({ status: -1, heapBytes: 2 * 65_536 });
    await guest.enter('grow');
    await guest.enter('grow');
    expect(await guest.enter('grow')).toMatchObject({ status: -1, heapBytes: 4 * 65_536 });
  });

  test('that does not fit what was ordered is a trap', async () => {
    const { started } = await start('(import "a" "b" (memory 3))');
    expect(started.kind).toBe('trap');
  });

  test('is found again after the guest has grown it', async () => {
    const { guest } = await start(`${TELL} (memory (export "memory") 1)
      (func (export "before") (result i32) (call $tell (i32.const 1) (i32.const 65536)))
      (func (export "after") (result i32)
        (drop (call $tell (i32.const 1) (i32.const 0)))
        (drop (memory.grow (i32.const 1)))
        (drop (call $tell (i32.const 1) (i32.const 131064)))
        (i32.wrap_i64 (i64.shr_u (i64.load (i32.const 131064)) (i64.const 36))))`);
    expect(await guest.enter('before')).toMatchObject({ status: 21 });
    expect(await guest.enter('after')).toMatchObject({ status: 16, heapBytes: 2 * 65_536 });
  });

  test.each([
    ['that there is not', ''],
    ['that is not exported', '(memory 1)'],
    ['whose name is taken by something else', '(func (export "memory"))'],
  ])('%s makes each pointer a bad one, and no more', async (_title, fields) => {
    const { guest, started } = await start(`${TELL} ${YIELD} ${fields}
      (func (export "tell") (result i32) (call $tell (i32.const 1) (i32.const 0)))
      (func (export "yield") (result i32) (call $yield))`);
    expect(started).toMatchObject({ kind: 'returned', heapBytes: 0 });
    expect(await guest.enter('tell')).toMatchObject({ kind: 'returned', status: 21 });
    expect(await guest.enter('yield')).toMatchObject({ kind: 'returned', status: 0 });
  });
});

test('an import that the table lacks is named, and nothing runs', async () => {
  const { started, requests } = await start(`${CLOSE} (import "env" "evil" (func $evil))
    (func $begin (drop (call $close (i32.const 1)))) (start $begin)`);
  expect(started).toMatchObject({ kind: 'trap', message: 'no host call env.evil' });
  expect(requests).toEqual([]);
});

test('two guests share nothing', async () => {
  const fields = `(memory (export "memory") 1) (global $g (mut i32) (i32.const 0))
    (func (export "bump") (result i32)
      (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 1)))
      (i32.load (i32.const 0)))`;
  const [one, other] = [await start(fields), await start(fields)];
  await one.guest.enter('bump');
  expect(await one.guest.enter('bump')).toMatchObject({ status: 2 });
  expect(await other.guest.enter('bump')).toMatchObject({ status: 1 });
});

describe('how deep a guest may nest its calls', () => {
  const levels = `
    (func $down (export "glovebox_probe_depth") (param i32)
      (if (local.get 0) (then (call $down (i32.sub (local.get 0) (i32.const 1))))))
    (global $depth (mut i32) (i32.const 0))
    (func (export "glovebox_set_depth") (param i32) (global.set $depth (local.get 0)))
    (func (export "depth") (result i32) (global.get $depth))`;

  test('is measured at its start, where it asks for that', async () => {
    const { guest, started } = await start(levels);
    expect(started.depth).toBeGreaterThan(300);
    expect(await guest.enter('depth')).toMatchObject({ status: started.depth });
  });

  test('is what was measured for another guest, where that is known', async () => {
    const { guest, started } = await start(levels, undefined, undefined, 123);
    expect(started.depth).toBe(123);
    expect(await guest.enter('depth')).toMatchObject({ status: 123 });
  });
});
