import { expect, test } from 'vitest';
import { marshal } from '../capability/marshal';
import { type AccountedCall, Cut } from '../controller/accounted-call';
import { detailOf } from './call-detail';
import { UseSummary } from './use-summary';

const call: AccountedCall = {
  ...{ number: 7, run: 2, caller: 'ja\u202ene', name: 'path_open', errno: 44, result: undefined },
  ...{ args: { fd: 3, path: 'home/\u001b[2J<b>' }, atMs: 12.345, durationMs: 0.25 },
};

const textOf = (lines: readonly { label: string; text: string }[], label: string): unknown =>
  lines.find((line) => line.label === label)?.text;

test('a detail tells all arguments and the answer, with controls escaped', () => {
  const { about, args, answer } = detailOf(call);
  expect(textOf(about, 'who')).toBe('ja\\u202ene');
  expect(textOf(about, 'took')).toBe('0.250 ms');
  expect(args).toEqual([
    { label: 'fd', text: '3' },
    { label: 'path', text: '"home/\\u001b[2J<b>"' },
  ]);
  expect(answer).toEqual([{ label: 'errno', text: '44: ENOENT' }]);
});

test('bytes are text where they are, and cut ones tell their length', () => {
  const written = (from: unknown): unknown =>
    textOf(detailOf({ ...call, args: { from } as AccountedCall['args'] }).args, 'from');
  expect(written(new TextEncoder().encode('héllo\n'))).toBe('"héllo\\n" (7 bytes)');
  expect(written(new Uint8Array([0xff, 1]))).toBe('ff 01 (2 bytes)');
  expect(written(new Cut(new TextEncoder().encode('ab'), 100_000))).toBe('"ab"… (98 KiB)');
  expect(written(new Cut('ab', 600))).toBe('"ab"… (600 characters)');
});

test('records and subscriptions are told field by field', () => {
  const result = { kind: 4, size: 12n };
  const { answer } = detailOf({ ...call, errno: 0, result: result as unknown as string });
  expect(textOf(answer, 'result.size')).toBe('12');
  const waitFor = [{ userdata: 1n, kind: 'clock' }] as unknown as AccountedCall['args'][string];
  expect(textOf(detailOf({ ...call, args: { waitFor } }).args, 'waitFor[0].kind')).toBe('"clock"');
});

const useOf = (request: unknown, result: unknown): AccountedCall => ({
  ...{ ...call, name: 'capability_call', errno: 0, caller: 'jane' },
  args: { request: marshal(request as never) },
  result: marshal(result as never),
});

test('a use of a capability is told as such', () => {
  const use = useOf(['call', 'world', 'damage', ['orc', 5]], [false, 'budget', 'used up']);
  expect(textOf(detailOf(use).about, 'use')).toBe('world.damage("orc", 5) = budget: used up');
});

test('a summary counts uses and refusals by capability', () => {
  const summary = new UseSummary();
  summary.add(call);
  summary.add(useOf(['call', 'world', 'damage', ['orc', 5]], [true, 95]));
  summary.add(useOf(['call', 'world', 'damage', ['orc', 5]], [false, 'budget', 'used up']));
  summary.add(useOf(['get', 'world', 'name'], [true, 'home']));
  summary.add({ ...useOf([], []), args: { request: new Uint8Array([1, 2]) } });
  expect(summary.counts).toEqual([
    { what: 'world.damage', uses: 2, refused: 1, lastRefusal: 'budget', caller: 'jane' },
    { what: 'world.name', uses: 1, refused: 0, lastRefusal: undefined, caller: 'jane' },
    { what: 'unreadable', uses: 1, refused: 0, lastRefusal: undefined, caller: 'jane' },
  ]);
});

test('a summary has room for so many names, and counts the rest together', () => {
  const summary = new UseSummary();
  for (let n = 0; n < 1000; n++) summary.add(useOf(['call', `x${n}`, 'y', []], [true, null]));
  expect(summary.counts.length).toBe(201);
  expect(summary.counts[0]).toMatchObject({ what: 'others', uses: 800 });
});
