import { describe, expect, test } from 'vitest';
import { TraceError } from '../errors';
import type { Reply } from '../protocol/frame';
import { hostCallNames } from '../protocol/table';
import { encodeCall } from '../testing/controller-harness';
import { Recorder } from './recorder';
import { Trace } from './trace';
import { decodeTrace, encodeTrace, OWN_NUMBERS } from './trace-bytes';
import { CallReader } from './trace-entry';

const HEADER = { buildId: 'build', baseId: 'base', heapBytes: 2 ** 20, depth: 300 };
const MEMORY = { pages: 3, parts: Uint32Array.of(256, 512), bytes: new Uint8Array(512).fill(7) };

const reply = (bytes: readonly number[] = [], errno = 0): Reply => {
  return { errno, payload: Uint8Array.from(bytes) };
};

/** Two entries, of which the first has an output of each kind. */
function recorded(): Recorder {
  const recorder = new Recorder(1e6);
  recorder.begin('glovebox_turn', Uint8Array.of(1, 2, 3), 1000);
  recorder.add(encodeCall('request_read', { into: 5 }), reply([1]));
  const frame = encodeCall('fd_write', { fd: 1, from: 'text' });
  recorder.output(frame.subarray(-4), 'stdout');
  recorder.add(frame, reply([4, 0, 0, 0]));
  recorder.output(Uint8Array.of(9, 9), 'stderr');
  recorder.add(encodeCall('path_unlink_file', { fd: 3, path: 'x' }), reply([], 44));
  recorder.end(
    {
      kind: 'returned',
      status: 0,
      fuel: 5,
      heapBytes: 0,
      signals: [{ fuel: 4, calls: 2, signals: 4 }],
    },
    'fuel',
  );
  recorder.begin('glovebox_finish', new Uint8Array(0), Number.POSITIVE_INFINITY);
  recorder.end({ kind: 'exit', code: 3, fuel: 0, heapBytes: 0 }, undefined);
  return recorder;
}

function trace(): Trace {
  return new Trace(HEADER, { memory: MEMORY, numbers: OWN_NUMBERS, entries: recorded().entries });
}

/** The same numbers each time. */
function numbersFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

describe('a trace', () => {
  test('comes back from its bytes', async () => {
    const again = await Trace.decode(await trace().encode());
    expect(again.header).toEqual(HEADER);
    expect(again.content).toEqual(trace().content);
    expect([again.entries, again.calls, again.buildId, again.heapBytes]).toEqual([
      2,
      2,
      'build',
      2 ** 20,
    ]);
  });

  test('tells each call with its arguments, its answer, and what it showed', () => {
    const [first] = recorded().entries;
    const reader = new CallReader(first?.bytes ?? new Uint8Array());
    expect(reader.next()).toMatchObject({
      number: hostCallNames.indexOf('fd_write'),
      errno: 0,
      payload: Uint8Array.of(4, 0, 0, 0),
      outputs: [{ stream: 'stdout', tail: 4 }],
    });
    expect(reader.next()).toMatchObject({
      errno: 44,
      outputs: [{ stream: 'stderr', tail: 0, bytes: Uint8Array.of(9, 9) }],
    });
    expect(reader.left).toBe(0);
  });

  test('of a library whose calls have other numbers is understood; with calls that are unknown it is not', () => {
    const { content } = trace();
    const bytes = encodeTrace({ ...content, numbers: [...OWN_NUMBERS].reverse() });
    const { numbers } = decodeTrace(bytes);
    expect(numbers).toEqual([...OWN_NUMBERS].reverse());
    const strange = encodeTrace(content);
    const at = Buffer.from(strange).indexOf('fd_write(');
    strange[at] = 'x'.charCodeAt(0);
    expect(() => decodeTrace(strange)).toThrow('xd_write(fd fd, gather from) u32');
  });
});

describe('what is no whole trace is refused with a reason:', () => {
  const decoded = (bytes: Uint8Array) => Trace.decode(bytes);

  test('damaged at any of 300 bits', async () => {
    const file = await trace().encode();
    const next = numbersFrom(1);
    const reasons = new Set<string>();
    for (let round = 0; round < 300; round++) {
      const damaged = file.slice();
      const at = next(damaged.length);
      damaged[at] = (damaged[at] ?? 0) ^ (1 << next(8));
      const error = await decoded(damaged).catch((caught: unknown) => caught);
      expect(error, `byte ${at}`).toBeInstanceOf(TraceError);
      reasons.add((error as TraceError).reason);
    }
    expect([...reasons].sort()).toEqual(['damaged', 'foreign', 'version']);
  });

  test('cut off at any of 50 places, or longer than it was', async () => {
    const file = await trace().encode();
    const next = numbersFrom(2);
    for (let round = 0; round < 50; round++) {
      await expect(decoded(file.subarray(0, next(file.length)))).rejects.toThrow(TraceError);
    }
    await expect(decoded(Buffer.concat([file, file]))).rejects.toMatchObject({ reason: 'damaged' });
  });

  test('other files, newer ones, and larger ones than are allowed', async () => {
    const file = await trace().encode();
    for (const bytes of [new Uint8Array(0), new TextEncoder().encode('gloveimg'.repeat(20))]) {
      await expect(decoded(bytes)).rejects.toMatchObject({ code: 'TRACE', reason: 'foreign' });
    }
    const newer = file.slice();
    newer[8] = 2;
    await expect(decoded(newer)).rejects.toMatchObject({ reason: 'version' });
    const large = Trace.decode(file, { maxBytes: 100 });
    await expect(large).rejects.toMatchObject({ reason: 'size' });
  });

  test('written by someone who knows the format: nothing but what can be is read', () => {
    const bytes = encodeTrace(trace().content);
    const next = numbersFrom(3);
    let refused = 0;
    for (let round = 0; round < 4000; round++) {
      const changed = bytes.slice(0, next(4) === 0 ? next(bytes.length) : bytes.length);
      for (let times = 1 + next(3); times > 0; times--) changed[next(changed.length)] = next(256);
      try {
        for (const { bytes: calls } of decodeTrace(changed).entries) {
          for (const reader = new CallReader(calls); reader.left > 0; ) reader.next();
        }
      } catch (error) {
        refused++;
        expect(['RangeError', 'RecordError', 'Error']).toContain((error as Error).name);
      }
    }
    expect(refused).toBeGreaterThan(1000);
  });
});

test('a recording that is full ends its entry and takes no more', () => {
  const recorder = new Recorder(200);
  recorder.begin('glovebox_turn', new Uint8Array(0), 1);
  for (let n = 0; n < 20; n++) recorder.add(encodeCall('fd_close', { fd: n }), reply(Array(20)));
  recorder.end({ kind: 'returned', status: 0, fuel: 0, heapBytes: 0 }, undefined);
  recorder.begin('glovebox_turn', new Uint8Array(0), 1);
  recorder.end({ kind: 'returned', status: 0, fuel: 0, heapBytes: 0 }, undefined);
  expect(recorder.entries).toMatchObject([{ end: { kind: 'ended' }, calls: recorder.calls }]);
  expect([recorder.isFull, recorder.bytes < 300]).toEqual([true, true]);
});
