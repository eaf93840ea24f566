import { expect, test } from 'vitest';
import { withoutDelimiters } from './latex';
import { webAddress } from './markdown';

test.each(['https://example.org/a?b#c', 'http://example.org/'])('a link leads to %s', (address) => {
  expect(webAddress(address)).toBe(address);
});

test.each([
  'javascript:alert(1)',
  ' JaVaScRiPt:alert(1)',
  'java\nscript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:x',
  'file:///etc/passwd',
  'blob:https://example.org/1',
  '/relative',
  '//example.org',
  '#fragment',
  '',
])('no link leads to %j', (address) => {
  expect(webAddress(address)).toBeUndefined();
});

test('a formula is what stands between its signs', () => {
  expect(withoutDelimiters('$$x$$')).toEqual({ body: 'x', isDisplay: true });
  expect(withoutDelimiters(' $x$ ')).toEqual({ body: 'x', isDisplay: false });
  expect(withoutDelimiters('\\(x\\)')).toEqual({ body: 'x', isDisplay: false });
  expect(withoutDelimiters('x^2')).toEqual({ body: 'x^2', isDisplay: true });
  expect(withoutDelimiters('$')).toEqual({ body: '$', isDisplay: true });
});
