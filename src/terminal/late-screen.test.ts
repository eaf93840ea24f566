import { expect, test } from 'vitest';
import { LateScreen } from './late-screen';
import type { Screen } from './screen';

function recorded(): Screen & { text: string } {
  const screen = {
    text: '',
    columns: 100,
    rows: 30,
    write: (text: string) => {
      screen.text += text;
    },
  };
  return screen;
}

test('has a usual size and keeps what is written, in order, until the screen is there', async () => {
  let resolve: (screen: Screen) => void = () => undefined;
  const promise = new Promise<Screen>((arrive) => {
    resolve = arrive;
  });
  const late = new LateScreen(promise);
  expect([late.columns, late.rows]).toEqual([80, 24]);
  const written = [late.write('a'), late.write('b')];
  const screen = recorded();
  resolve(screen);
  void promise.then(() => late.write('c'));
  await Promise.all([...written, promise]);
  expect(late.write('d')).toBeUndefined();
  expect(screen.text).toBe('abcd');
  expect([late.columns, late.rows]).toEqual([100, 30]);
});

test('tells who writes why there is no screen', async () => {
  const late = new LateScreen(Promise.reject(new Error('no network')));
  await expect(late.write('a')).rejects.toThrow('no network');
  expect(late.columns).toBe(80);
});
