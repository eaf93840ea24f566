import { afterEach, expect, test } from 'vitest';
import { NO_PROGRESS } from '../protocol/control';
import type { Reply } from '../protocol/frame';
import { openCaller, openChannel } from './open';

const opened: { close(): void }[] = [];
afterEach(() => {
  for (const end of opened.splice(0)) end.close();
});

function open() {
  const { answerer, end } = openChannel('suspend', (then) => then());
  opened.push(answerer);
  const caller = openCaller(end);
  if (end.kind === 'suspend') opened.push(end.port);
  return { answerer, caller };
}

/** A guest that only computes waits for a breath now and then. */
async function report(caller: ReturnType<typeof openCaller>, fuel: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 12));
  await caller.report({ fuel, heapBytes: 65_536 });
}

const replyOf = (payload: Uint8Array): Reply => ({ errno: 0, payload });

const later = (durationMs: number, bytes: Uint8Array): Promise<Reply> =>
  new Promise((resolve) => setTimeout(() => resolve(replyOf(bytes)), durationMs));

test('carries requests there and replies back, whether they come at once or later', async () => {
  const { answerer, caller } = open();
  answerer.serve((request) => replyOf(request.slice().reverse()));
  expect(await caller.call(Uint8Array.of(1, 2, 3))).toEqual(replyOf(Uint8Array.of(3, 2, 1)));
  answerer.serve((request) => later(5, request));
  expect(await caller.call(Uint8Array.of(4, 5))).toEqual(replyOf(Uint8Array.of(4, 5)));
});

test('carries of a view only what it shows, and leaves the rest where it is', async () => {
  const { answerer, caller } = open();
  const kept = new Uint8Array(1000).fill(7);
  answerer.serve(() => ({ errno: 5, payload: kept.subarray(10, 12) }));
  const reply = await caller.call(Uint8Array.of(1));
  expect(reply).toEqual({ errno: 5, payload: Uint8Array.of(7, 7) });
  expect(reply.payload.buffer.byteLength).toBe(2);
  expect(kept).toHaveLength(1000);
});

test('lets a guest that only computes see its signals, once, and tells how far it is', async () => {
  const { answerer, caller } = open();
  answerer.serve(replyOf);
  answerer.signal(4);
  answerer.signal(2);
  await report(caller, 77);
  expect(caller.takeSignals()).toBe(6);
  expect(caller.takeSignals()).toBe(0);
  await caller.call(Uint8Array.of(1));
  expect(answerer.progress).toMatchObject({ fuel: 77, heapBytes: 65_536 });
  answerer.signal(4);
  answerer.clear();
  await report(caller, 78);
  expect(caller.takeSignals()).toBe(0);
  expect(caller.report(NO_PROGRESS)).toBeUndefined();
});

test('tells how long messages were on their way, the time for the answer left out', async () => {
  const { answerer, caller } = open();
  const hosted: number[] = [];
  answerer.serve(
    (request) => later(100, request),
    (durationMs) => hosted.push(durationMs),
  );
  const askedAt = performance.now();
  await caller.call(Uint8Array.of(1));
  const waitedMs = performance.now() - askedAt;
  await report(caller, 1);
  await later(5, new Uint8Array(0));
  // For the function to return, and for the way.
  expect(hosted).toHaveLength(2);
  const hostedMs = (hosted[0] ?? 0) + (hosted[1] ?? 0);
  expect(hostedMs).toBeGreaterThanOrEqual(0);
  // A timer may be a little early.
  expect(hostedMs).toBeLessThanOrEqual(waitedMs - 98);
});

test('answers nothing once it is closed', async () => {
  const { answerer, caller } = open();
  answerer.serve(replyOf);
  answerer.close();
  const answered = Promise.resolve(caller.call(Uint8Array.of(1))).then(() => 'answered');
  expect(await Promise.race([answered, later(50, new Uint8Array(0))])).not.toBe('answered');
});
