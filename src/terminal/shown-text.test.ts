import { expect, test } from 'vitest';
import { shownLine, shownText } from './shown-text';

test('text that acts on the text around it is escaped', () => {
  expect(shownText('a\u202eb\u200b\u001b[31m\u0085\ufeff\u2066c', 100)).toBe(
    'a\\u202eb\\u200b\\x1b[31m\\x85\\ufeff\\u2066c',
  );
  expect(shownText('\ud800x\udc00', 100)).toBe('\\ud800x\\udc00');
  expect(shownText('tag \u{e0041}', 100)).toBe('tag \\u{e0041}');
});

test('ordinary text of any language stays what it is', () => {
  const text = 'Grüße, 日本語, עברית, 🐍 <b>&amp;';
  expect(shownText(text, 100)).toBe(text);
});

test('line ends stay in a text and are escaped in a line', () => {
  expect(shownText('a\n\tb\r', 100)).toBe('a\n\tb\\x0d');
  expect(shownLine('a\n\tb', 100)).toBe('a\\n\\tb');
});

test('what is too long is cut', () => {
  expect(shownLine('x'.repeat(1000), 10)).toBe(`${'x'.repeat(9)}…`);
});
