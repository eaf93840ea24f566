import { expect, test } from 'vitest';
import { EventQueue } from './event-queue';

const FOREVER = Number.POSITIVE_INFINITY;
const never = () => new AbortController().signal;

test('what has happened already is there at once, in its order', async () => {
  const queue = new EventQueue();
  queue.push(['press', 1, 2, '1']);
  queue.push(['keydown', 0, 0, 'a']);
  expect(await queue.wait(FOREVER, never())).toEqual([
    ['press', 1, 2, '1'],
    ['keydown', 0, 0, 'a'],
  ]);
});

test('who waits is woken by what happens', async () => {
  const queue = new EventQueue();
  const waiting = queue.wait(FOREVER, never());
  queue.push(['release', 3, 4, '1']);
  expect(await waiting).toEqual([['release', 3, 4, '1']]);
});

test('a wait with a time ends with nothing', async () => {
  expect(await new EventQueue().wait(1, never())).toEqual([]);
  expect(await new EventQueue().wait(0, never())).toEqual([]);
  expect(await new EventQueue().wait(-5, never())).toEqual([]);
});

test('who has given up takes nothing away from who comes after', async () => {
  const queue = new EventQueue();
  const controller = new AbortController();
  const waiting = queue.wait(FOREVER, controller.signal);
  controller.abort();
  queue.push(['press', 1, 1, '1']);
  expect(await waiting).toEqual([]);
  expect(await queue.wait(FOREVER, never())).toEqual([['press', 1, 1, '1']]);
});

test('of moves only the last one is kept, and of all the last 256', () => {
  const queue = new EventQueue();
  queue.push(['motion', 1, 1, '']);
  queue.push(['motion', 2, 2, '']);
  expect(queue.take()).toEqual([['motion', 2, 2, '']]);
  for (let index = 0; index < 1000; index++) queue.push(['keydown', index, 0, 'a']);
  const kept = queue.take();
  expect([kept.length, kept[0]?.[1]]).toEqual([256, 744]);
});
