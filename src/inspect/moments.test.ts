import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { SandboxImage } from '../controller/sandbox-image';
import { BusyError, EndedError, ImageError, StorageError } from '../errors';
import { fakeBrowser } from '../testing/fake-browser';
import { faultInWords } from './fault-words';
import { type Moment, Moments, surplusOf } from './moments';

beforeEach(() => fakeBrowser());
afterEach(() => vi.unstubAllGlobals());

function imageOf(pages: number): SandboxImage {
  return new SandboxImage({
    ...{ buildId: 'build', baseId: '', monotonicNs: 0n, mounts: [], files: [] },
    memory: { pages, parts: new Uint32Array(0), bytes: new Uint8Array(0) },
    stdinLeft: new Uint8Array(0),
    volumes: new Map(),
  });
}

const LIMITS = { most: 3, mostBytes: 1e6 };
const ids = (moments: readonly Moment[]): number[] => moments.map(({ takenMs }) => takenMs);

describe('moments of a session', () => {
  test('are kept over a reload, the latest first, with their names', async () => {
    const moments = await Moments.open('x');
    const first = await moments.add(imageOf(400), { cause: 'hand', takenMs: 10 }, LIMITS);
    await moments.add(imageOf(401), { cause: 'run', takenMs: 20 }, LIMITS);
    await moments.rename(first, `  ${'start'.repeat(100)} `);
    moments.close();
    const again = await Moments.open('x');
    const list = await again.list();
    expect(ids(list)).toEqual([20, 10]);
    expect(list[1]?.name).toBe('start'.repeat(16));
    expect(list[1]?.bytes).toBeGreaterThan(0);
    expect((await again.get(first.id))?.heapBytes).toBe(400 * 65_536);
    await again.delete(first.id);
    expect(await again.get(first.id)).toBeUndefined();
    expect(ids(await again.list())).toEqual([20]);
  });

  test('make room for the latest by what came by itself, and only then by others', async () => {
    const moments = await Moments.open('x');
    const add = (cause: 'hand' | 'run', takenMs: number): Promise<Moment> =>
      moments.add(imageOf(1), { cause, takenMs }, LIMITS);
    await add('hand', 1);
    await add('run', 2);
    await add('run', 3);
    await add('run', 4);
    expect(ids(await moments.list())).toEqual([4, 3, 1]);
    await add('hand', 5);
    await add('hand', 6);
    await add('hand', 7);
    expect(ids(await moments.list())).toEqual([7, 6, 5]);
  });

  test('refuse one that is too large alone, and keep the others', async () => {
    const moments = await Moments.open('x');
    await moments.add(imageOf(1), { cause: 'hand', takenMs: 1 }, LIMITS);
    const small = { most: 3, mostBytes: 10 };
    await expect(moments.add(imageOf(1), { cause: 'hand', takenMs: 2 }, small)).rejects.toThrow(
      ImageError,
    );
    expect(ids(await moments.list())).toEqual([1]);
  });

  test('show an image whose note is no note any more', async () => {
    const moments = await Moments.open('x');
    const one = await moments.add(imageOf(1), { cause: 'run', takenMs: 1_700_000 }, LIMITS);
    await moments.rename({ ...one, bytes: Number.NaN }, 'x');
    expect(await moments.list()).toEqual([
      { id: one.id, takenMs: 1_700_000, cause: 'hand', name: '', bytes: 0 },
    ]);
  });
});

test('bytes together count as well as the number', () => {
  const moment = (takenMs: number, bytes: number): Moment => ({
    ...{ id: String(takenMs), takenMs, bytes, cause: 'run', name: '' },
  });
  const all = [moment(1, 60), moment(2, 30), moment(3, 30)];
  expect(ids(surplusOf(all, '3', { most: 9, mostBytes: 60 }))).toEqual([1]);
  expect(ids(surplusOf(all, '3', { most: 9, mostBytes: 30 }))).toEqual([1, 2]);
  expect(ids(surplusOf(all, '3', { most: 9, mostBytes: 1 }))).toEqual([1, 2]);
  expect(surplusOf(all, '3', { most: 3, mostBytes: 120 })).toEqual([]);
});

test.each([
  [new ImageError('build', ''), /another version of Python/],
  [new ImageError('damaged', ''), /damaged/],
  [new BusyError(), /running/],
  [new EndedError(), /restart/],
  [new StorageError('the browser\u202e'), /\\u202e.*Saving it as a file/],
  [new TypeError('x'), /should not have/],
])('%s is told in words', (error, words) => {
  expect(faultInWords(error)).toMatch(words);
});
