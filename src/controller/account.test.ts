import { describe, expect, test } from 'vitest';
import { OptionError } from '../errors';
import type { Fd } from '../protocol/numbers';
import type { HostCallName } from '../protocol/table';
import { Account, type CallsOptions, createAccount } from './account';
import { formatCallAsJson, toJsonLines } from './account-json';
import { Cut } from './accounted-call';
import { formatHostCall } from './host-call-text';

const ENOENT = 44;

/** As the dispatcher and then the channel tell of a call that was answered at once. */
function tell(
  account: Account,
  name: HostCallName,
  args: object,
  errno = 0,
  result?: Parameters<Account['add']>[3],
): void {
  account.add(name, args as Parameters<Account['add']>[1], errno, result, false);
  account.time(0.25, performance.now());
}

function open(account: Account, path: string, errno = 0): void {
  tell(account, 'path_open', { fd: 3 as Fd, path }, errno, errno === 0 ? 4 : undefined);
}

const numbers = (account: Account, options: CallsOptions = {}): number[] =>
  Array.from(account.calls(options), ({ number }) => number);

describe('an account', () => {
  test('keeps the last calls, numbered, by run', () => {
    const account = new Account(3);
    account.begin(false);
    open(account, 'a');
    account.begin(true);
    for (const path of ['b', 'c']) open(account, path);
    account.begin(true);
    open(account, 'd');
    const calls = [...account.calls({})];
    expect(calls.map(({ number, run, args }) => [number, run, args.path])).toEqual([
      [2, 1, 'b'],
      [3, 1, 'c'],
      [4, 2, 'd'],
    ]);
    expect(calls[0]).toMatchObject({ name: 'path_open', errno: 0, result: 4, durationMs: 0.25 });
    expect(calls[0]?.atMs).toBeGreaterThanOrEqual(0);
  });

  test('keeps nothing that changes with the next call', () => {
    const account = new Account(3);
    const bytes = new Uint8Array([1, 2, 3]);
    tell(account, 'fd_write', { fd: 1, from: bytes }, 0, 3);
    tell(account, 'fd_read', { fd: 0, into: 3 }, 0, bytes);
    bytes.fill(9);
    const [written, read] = [...account.calls({})];
    expect(written?.args.from).toEqual(new Uint8Array([1, 2, 3]));
    expect(read?.result).toEqual(new Uint8Array([1, 2, 3]));
  });

  test('cuts what is long, and tells how long it was', () => {
    const account = new Account(3);
    tell(account, 'fd_write', { fd: 1, from: new Uint8Array(100_000) }, 0, 100_000);
    open(account, 'x'.repeat(4000));
    const waitFor = Array.from({ length: 100 }, () => ({ userdata: 1n, kind: 'read', fd: 0 }));
    tell(account, 'poll_oneoff', { waitFor }, 0, new Uint8Array(32));
    const [written, opened, waited] = [...account.calls({})];
    expect(written?.args.from).toEqual(new Cut(new Uint8Array(256), 100_000));
    expect(opened?.args.path).toEqual(new Cut('x'.repeat(512), 4000));
    expect(waited?.args.waitFor).toMatchObject({ length: 100, start: { length: 16 } });
    expect(written && formatHostCall(written)).toMatch(
      /^fd_write\(1, ".*"… \(100000 bytes\)\) = 100000$/,
    );
    expect(opened && formatHostCall(opened)).toContain('… (4000 characters)');
    expect(waited && formatHostCall(waited)).toContain('poll_oneoff(100 subscriptions)');
    for (const call of account.calls({})) expect(formatCallAsJson(call).length).toBeLessThan(2000);
  });

  test('takes no room for what it has forgotten', async () => {
    const account = new Account(2);
    for (let n = 0; n < 10; n++) open(account, String(n));
    expect(numbers(account)).toEqual([9, 10]);
    const seen: number[] = [];
    for await (const { number } of account.calls({})) seen.push(number);
    expect(seen).toEqual([9, 10]);
  });

  test.each<[CallsOptions, number[]]>([
    [{ name: 'fd_close' }, [3]],
    [{ name: ['fd_close', 'path_rename'] }, [3, 4]],
    [{ errno: 'ENOENT' }, [2]],
    [{ errno: ['ENOENT', 'EBADF'] }, [2, 3]],
    [{ errno: 'failure' }, [2, 3]],
    [{ errno: 'SUCCESS' }, [1, 4]],
    [{ path: '/home' }, [1, 4]],
    [{ path: 'home/./a/' }, [1]],
    [{ path: '/hom' }, []],
    [{ path: '/tmp/b', errno: 'SUCCESS' }, [4]],
    [{ run: 1, where: ({ args }) => args.fd === 3 }, [1, 2, 3, 4]],
    [{ run: 2 }, []],
    [{ after: 2 }, [3, 4]],
    [{ after: 2, errno: 'SUCCESS' }, [4]],
    [{ after: 9 }, []],
    [{ after: -1 }, [1, 2, 3, 4]],
  ])('gives those that %j asks for', (filter, found) => {
    const account = new Account(10);
    account.begin(true);
    open(account, 'home/a/file');
    open(account, 'other', ENOENT);
    tell(account, 'fd_close', { fd: 3 }, 8);
    tell(account, 'path_rename', { fd: 3, path: 'home/x', toFd: 3, toPath: 'tmp/b' });
    expect(numbers(account, filter)).toEqual(found);
  });

  test('refuses what it does not know', () => {
    const account = new Account(1);
    expect(() => account.calls({ pathh: 'x' } as CallsOptions)).toThrow(OptionError);
    expect(() => account.calls({ after: 0.5 })).toThrow(OptionError);
    for (const calls of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 1e9]) {
      expect(() => createAccount({ calls })).toThrow(OptionError);
    }
    expect(createAccount({ calls: 0 })).toBeUndefined();
  });
});

describe('who follows an account', () => {
  test('sees what there is, then each call as it comes, until it is closed', async () => {
    const account = new Account(10);
    open(account, 'a');
    const seen: unknown[] = [];
    const following = (async () => {
      for await (const { args } of account.calls({ follow: true })) seen.push(args.path);
    })();
    for (const path of ['b', 'c']) {
      await Promise.resolve();
      open(account, path);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(seen).toEqual(['a', 'b', 'c']);
    account.close();
    await following;
  });

  test('misses what it is too slow for, and sees that by the numbers', async () => {
    const account = new Account(3);
    const calls = account.calls({ follow: true })[Symbol.asyncIterator]();
    open(account, 'first');
    expect((await calls.next()).value).toMatchObject({ number: 1 });
    for (let n = 0; n < 10; n++) open(account, 'more');
    expect((await calls.next()).value).toMatchObject({ number: 9 });
    expect((await calls.next()).value).toMatchObject({ number: 10 });
    await calls.return?.();
    expect((await calls.next()).done).toBe(true);
  });

  test('hears of a call when it was answered, also where that is later', () => {
    const account = new Account(3);
    account.begin(true);
    const sync = (isLate: boolean): void => {
      account.add('fd_sync', { fd: 4 as Fd } as never, 0, undefined, isLate);
    };
    sync(false);
    expect(numbers(account)).toEqual([]);
    account.time(1, performance.now());
    account.time(2, performance.now() - 50);
    sync(true);
    const last = [...account.calls({})].at(-1);
    expect(last?.number).toBe(2);
    expect(last?.durationMs).toBeGreaterThanOrEqual(50);
  });
});

test('a line of JSON has each value in a documented form', () => {
  const account = new Account(9);
  tell(account, 'fd_seek', { fd: 4, offset: -5n, whence: 0 }, 0, 2n ** 60n);
  tell(account, 'fd_write', { fd: 1, from: new Uint8Array([0, 255]) }, 28);
  tell(account, 'args_get', { texts: undefined }, 0, ['a', '\u202e\u001b']);
  open(account, 'y'.repeat(600), ENOENT);
  const lines = toJsonLines(account.calls({})).split('\n');
  expect(lines.pop()).toBe('');
  const [seek, write, args, cut] = lines.map((line) => JSON.parse(line));
  expect(seek).toMatchObject({
    number: 1,
    run: 0,
    name: 'fd_seek',
    args: { fd: 4, offset: { int: '-5' }, whence: 0 },
    errno: 'SUCCESS',
    result: { int: String(2n ** 60n) },
    durationMs: 0.25,
  });
  expect(write).toMatchObject({ args: { from: { base64: 'AP8=' } }, errno: 'EINVAL' });
  expect('result' in write).toBe(false);
  expect(args).toMatchObject({ args: {}, result: ['a', '\u202e\u001b'] });
  expect(lines[2]).toContain('\\u202e\\u001b');
  expect(cut).toMatchObject({ args: { path: { text: 'y'.repeat(512), length: 600 } } });
});
