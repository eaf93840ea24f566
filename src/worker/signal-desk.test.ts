import { expect, test } from 'vitest';
import { LoopbackChannel } from '../channel/loopback';
import { SignalDesk } from './signal-desk';

test('what is taken is kept, with the step and the call at which it was', () => {
  const desk = new SignalDesk();
  const channel = new LoopbackChannel();
  desk.start();
  expect(desk.take(channel, 10)).toBe(0);
  desk.countCall();
  channel.signal(4);
  expect(desk.take(channel, 20)).toBe(4);
  expect(desk.take(channel, 30)).toBe(0);
  expect(desk.taken).toEqual([{ fuel: 20, calls: 1, signals: 4 }]);
  desk.start();
  expect(desk.taken).toEqual([]);
});

test('what is due is taken where it was, and nothing else', () => {
  const desk = new SignalDesk();
  const channel = new LoopbackChannel();
  channel.signal(2);
  desk.start([
    { fuel: 20, calls: 1, signals: 4 },
    { fuel: 20, calls: 2, signals: 8 },
  ]);
  expect([desk.stepsLeft(5), desk.take(channel, 5)]).toEqual([15, 0]);
  // The step is there, the call is not: it asks again when that was cut short.
  expect([desk.stepsLeft(20), desk.take(channel, 20)]).toEqual([Number.POSITIVE_INFINITY, 0]);
  desk.countCall();
  expect(desk.take(channel, 20)).toBe(4);
  expect(desk.take(channel, 20)).toBe(0);
  // Another program than then has passed it.
  expect(desk.take(channel, 21)).toBe(8);
  expect([desk.stepsLeft(21), desk.take(channel, 22)]).toEqual([Number.POSITIVE_INFINITY, 0]);
});
