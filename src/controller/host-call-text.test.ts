import { describe, expect, test } from 'vitest';
import { errno } from '../protocol/errno';
import { ControllerHarness, ROOT_FD } from '../testing/controller-harness';
import type { HostCall } from './dispatcher';
import { formatHostCall } from './host-call-text';

function unlink(path: string): string {
  const args = { fd: 3, path };
  return formatHostCall({
    name: 'path_unlink_file',
    args,
    errno: errno.ENOENT,
    result: undefined,
  } as HostCall);
}

describe('a host call as text', () => {
  test('shows its arguments and what came of it', async () => {
    const world = await ControllerHarness.open({ args: ['a', 'b'] });
    await world.open('etc/passwd');
    await world.call('fd_write', { fd: 1, from: 'hi\n' });
    await world.call('random_get', { into: 0 });
    await world.call('args_get', {});
    await world.call('args_sizes_get', {});
    await world.call('sched_yield', {});
    await world.call('fd_fdstat_get', { fd: 0 });
    await world.call('clock_time_get', { clock: 99, precision: 0n });
    await world.call('poll_oneoff', {
      waitFor: [{ kind: 'unknown', type: 9, userdata: 0n }],
    });
    const lines = world.calls.map(formatHostCall);
    expect(lines[0]).toMatch(/^path_open\(3, lookup 1, "etc\/passwd", open 0, .*\) = ENOENT$/);
    expect(lines.slice(1, -1)).toEqual([
      'fd_write(1, "hi\\n") = 3',
      'random_get(into 0) = ""',
      'args_get() = ["a", "b"]',
      'args_sizes_get() = [2, 4]',
      'sched_yield() = 0',
      'fd_fdstat_get(0) = {filetype 0, flags 0, base 136315018, inheriting 0}',
      'clock_time_get(clock 99, precision 0) = EINVAL',
    ]);
    expect(lines.at(-1)).toMatch(/^poll_oneoff\(1 subscriptions\) = "/);
  });

  test('is cut where there is too much to show', async () => {
    const world = await ControllerHarness.open();
    await world.call('fd_write', { fd: 1, from: 'x'.repeat(100_000) });
    await world.call('path_unlink_file', { fd: ROOT_FD, path: 'p'.repeat(100_000) });
    const [write, path] = world.calls.map(formatHostCall);
    expect(write).toBe(`fd_write(1, "${'x'.repeat(32)}"… (100000 bytes)) = 100000`);
    expect(path?.length).toBeLessThan(600);
    expect(path).toContain('… (100000 characters)) = ENAMETOOLONG');
  });

  test.each([
    ['a quote', 'a"b\\', '"a\\"b\\\\"'],
    ['an escape sequence', '\u001b[2J', '"\\u001b[2J"'],
    ['a new line', 'a\nb\r', '"a\\nb\\r"'],
    ['C1 controls', '\u009b2J\u007f', '"\\u009b2J\\u007f"'],
    ['turns of direction', 'a\u202eb\u2066', '"a\\u202eb\\u2066"'],
    ['odd separators', '\u2028\u2029\ufeff', '"\\u2028\\u2029\\ufeff"'],
    ['text', 'äöü/日本', '"äöü/日本"'],
  ])('never has %s in the raw', (_title, path, shown) => {
    expect(unlink(path)).toBe(`path_unlink_file(3, ${shown}) = ENOENT`);
  });

  test('never has a control character, whatever a guest writes', async () => {
    const world = await ControllerHarness.open({ args: ['\u009b31m'] });
    const every = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    for (let at = 0; at < 256; at += 32) {
      await world.call('fd_write', { fd: 1, from: every.subarray(at, at + 32) });
    }
    await world.call('args_get', {});
    for (const call of world.calls) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
      expect(formatHostCall(call)).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
    }
  });
});
