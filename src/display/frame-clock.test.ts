import { expect, test } from 'vitest';
import { frameWithRest, nextFrame, Pace } from './frame-clock';

/** Frames that come when they are told to. */
function frames() {
  const waiting: (() => void)[] = [];
  return {
    frame: () => new Promise<void>((resolve) => waiting.push(resolve)),
    pass: async () => {
      waiting.shift()?.();
      await new Promise((resolve) => setTimeout(resolve));
    },
  };
}

test('what fits into a frame does not wait', () => {
  const pace = new Pace(10, frames().frame);
  expect(pace.spend(4)).toBeUndefined();
  expect(pace.spend(5)).toBeUndefined();
});

test('who has used up a frame waits for the next one', async () => {
  const clock = frames();
  const pace = new Pace(10, clock.frame);
  let isOver = false;
  const waiting = pace.spend(12)?.then(() => {
    isOver = true;
  });
  expect(pace.spend(1)).toBeInstanceOf(Promise);
  expect(isOver).toBe(false);
  await clock.pass();
  await waiting;
  expect(pace.spend(9)).toBeUndefined();
});

test('what is large is paid for over several frames', async () => {
  const clock = frames();
  const pace = new Pace(10, clock.frame);
  let isOver = false;
  void pace.spend(35)?.then(() => {
    isOver = true;
  });
  await clock.pass();
  await clock.pass();
  expect(isOver).toBe(false);
  await clock.pass();
  expect(isOver).toBe(true);
});

test('a page that is late with a frame gets as long for itself', async () => {
  const late = () => new Promise<void>((resolve) => setTimeout(resolve, 80));
  const startedAt = performance.now();
  await frameWithRest(late);
  expect(performance.now() - startedAt).toBeGreaterThan(150);
});

test('frames pass where nothing is painted, too', async () => {
  await expect(nextFrame()).resolves.toBeUndefined();
});
