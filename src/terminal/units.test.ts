import { expect, test } from 'vitest';
import { formatBytes, formatCount, formatDuration, formatSize } from './units';

test.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [1023, '1023 bytes'],
  [1024, '1 KiB'],
  [1536, '1.5 KiB'],
  [64 * 2 ** 20, '64 MiB'],
  [2 ** 30 - 1, '1 GiB'],
  [2 ** 50, '1024 TiB'],
])('%i bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test.each([
  [0, '0 ms'],
  [999.4, '999 ms'],
  [999.6, '1 s'],
  [1500, '1.5 s'],
  [30_000, '30 s'],
  [59_970, '1 min'],
  [200_000, '3 min 20 s'],
  [3_600_000, '1 h'],
  [24 * 3_600_000, '24 h'],
  [5_430_000, '1 h 31 min'],
])('%f ms are %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test.each([
  [950, '950'],
  [12_345, '12,345'],
  [999_949, '999,949'],
  [999_950, '1 million'],
  [1_240_000, '1.2 million'],
  [1e10, '10 billion'],
  [1e12, '1 trillion'],
  [1e17, '1.0e+17'],
])('%f are %s', (count, text) => {
  expect(formatCount(count)).toBe(text);
});

test('one of something has no plural', () => {
  expect(formatSize(1, 'items')).toBe('1 item');
  expect(formatSize(2, 'items')).toBe('2 items');
});
