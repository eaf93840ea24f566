import { expect, test } from 'vitest';
import { Account } from '../controller/account';
import type { Fd } from '../protocol/numbers';
import { CallList, indexOfCall } from './call-list';

const ENOENT = 44;

function accountOf(size: number): {
  account: Account;
  open: (path: string, errno?: number) => void;
} {
  const account = new Account(size);
  const open = (path: string, errno = 0): void => {
    const args = { fd: 3 as Fd, path } as unknown as Parameters<Account['add']>[1];
    account.add('path_open', args, errno, errno === 0 ? 4 : undefined, false);
    account.time(0.1, performance.now());
  };
  return { account, open };
}

const sourceOf = (account: Account) => ({
  calls: (options: { after?: number } = {}) => account.calls(options),
});

const numbers = (list: CallList): number[] => list.wanted.map(({ number }) => number);

test('a list takes what is new and drops what the account has dropped', () => {
  const { account, open } = accountOf(3);
  const list = new CallList(100);
  expect(list.pull(sourceOf(account))).toBe(false);
  for (const path of ['a', 'b']) open(path);
  expect(list.pull(sourceOf(account))).toBe(true);
  list.advance(1000);
  expect(numbers(list)).toEqual([1, 2]);
  for (const path of ['c', 'd']) open(path);
  expect(list.pull(sourceOf(account))).toBe(true);
  list.advance(1000);
  expect(numbers(list)).toEqual([2, 3, 4]);
  expect(list.pull(sourceOf(account))).toBe(false);
});

test('a list keeps no more than its own most', () => {
  const { account, open } = accountOf(100);
  const list = new CallList(2);
  for (const path of ['a', 'b', 'c']) open(path);
  list.pull(sourceOf(account));
  list.advance(1000);
  expect(numbers(list)).toEqual([2, 3]);
  list.clear();
  expect(list.calls).toEqual([]);
});

test('a filter asks by errno, path and the text of the line', () => {
  const { account, open } = accountOf(100);
  open('home/a');
  open('home/Secret', ENOENT);
  open('tmp/b', ENOENT);
  const list = new CallList(100);
  list.pull(sourceOf(account));
  for (const [filter, wanted] of [
    [{ errno: 'failure' }, [2, 3]],
    [{ path: '/home' }, [1, 2]],
    [{ path: '/home', errno: 'ENOENT' }, [2]],
    [{ text: 'SECRET' }, [2]],
    [{ text: 'enoent', path: '/tmp' }, [3]],
    [{ name: 'fd_write' as const }, []],
    [{}, [1, 2, 3]],
  ] as const) {
    list.filter(filter);
    list.advance(1000);
    expect(numbers(list)).toEqual(wanted);
  }
});

test('filtering takes no more than its time at once, and comes to its end', () => {
  const { account, open } = accountOf(1000);
  for (let n = 0; n < 1000; n++) open(String(n));
  const list = new CallList(1000);
  list.pull(sourceOf(account));
  list.advance(5, () => 0);
  expect(list.isSettled).toBe(true);
  list.filter({ text: 'open' });
  let at = 0;
  const clock = (): number => (at += 4);
  list.advance(5, clock);
  expect(list.isSettled).toBe(false);
  expect(list.wanted.length).toBeGreaterThan(0);
  expect(list.wanted.length).toBeLessThan(1000);
  while (!list.isSettled) list.advance(5, clock);
  expect(list.wanted.length).toBe(1000);
});

test('what is dropped in the middle of filtering is neither shown nor asked', () => {
  const { account, open } = accountOf(200);
  for (let n = 0; n < 200; n++) open(String(n));
  const list = new CallList(200);
  list.pull(sourceOf(account));
  let at = 0;
  list.advance(1, () => (at += 10));
  for (let n = 0; n < 150; n++) open('new');
  list.pull(sourceOf(account));
  list.advance(1000);
  expect(numbers(list)).toEqual(Array.from({ length: 200 }, (_, index) => index + 151));
});

test('a call is found by its number', () => {
  const { account, open } = accountOf(5);
  for (let n = 0; n < 9; n++) open(String(n));
  const calls = [...account.calls({})];
  expect(indexOfCall(calls, 5)).toBe(0);
  expect(indexOfCall(calls, 9)).toBe(4);
  expect(indexOfCall(calls, 4)).toBeUndefined();
  expect(indexOfCall(calls, 10)).toBeUndefined();
});
