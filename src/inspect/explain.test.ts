import { describe, expect, test } from 'vitest';
import type { GuestError } from '../controller/outcome';
import { explainError, type Place } from './explain';

const FRAME = 'Traceback (most recent call last):\n  File "<program>", line';

const nameError: GuestError = {
  type: 'NameError',
  message: "name 'pritn' is not defined",
  traceback: `${FRAME} 2, in <module>\n    pritn(1)\n    ^^^^^\nNameError: name 'pritn' is not defined. Did you mean: 'print'?\n`,
  line: 2,
};

const marked = (place: Place | undefined): string | undefined =>
  place?.text.slice(place.from, place.to);

describe('an explanation', () => {
  test('gives Python’s own suggestion, and no other advice', () => {
    const { title, told, tries } = explainError(nameError, 'x = 1\npritn(1)\n');
    expect(title).toBe('Python does not know pritn');
    expect(told).toBe("NameError: name 'pritn' is not defined. Did you mean: 'print'?");
    expect(tries).toEqual(['Python suggests: `print`.']);
  });

  test('marks what Python points at', () => {
    const { place } = explainError(nameError, 'x = 1\nif x:  pritn(1)\n');
    // The source has changed: the line is what Python has shown.
    expect(place).toEqual({ line: 2, text: 'pritn(1)', from: 0, to: 5 });
    const indented = explainError(nameError, 'if 1:\n    pritn(1)\n').place;
    expect(indented).toEqual({ line: 2, text: '    pritn(1)', from: 4, to: 9 });
  });

  test('marks what stands behind wide letters and those of two units', () => {
    const text = 'print("日本🐍", pritn)';
    const markers = `${' '.repeat(4 + 'print("'.length + 6 + '", '.length)}^^^^^`;
    const traceback = `${FRAME} 1, in <module>\n    ${text}\n${markers}\nNameError: x\n`;
    expect(marked(explainError({ ...nameError, traceback, line: 1 }, text).place)).toBe('pritn');
  });

  test('marks the line of the last exception of a chain', () => {
    const first = `${FRAME} 1, in <module>\n    1/0\n    ~^~\nZeroDivisionError: division by zero\n`;
    const traceback = `${first}\nDuring handling of the above exception, another exception occurred:\n\n${nameError.traceback}`;
    expect(marked(explainError({ ...nameError, traceback }).place)).toBe('pritn');
    expect(explainError({ ...nameError, traceback }).told).toContain('Did you mean');
  });

  test('does without a traceback, a line and a source', () => {
    const bare = { type: 'NameError', message: "name 'x' is not defined", traceback: '' };
    expect(explainError(bare).place).toBeUndefined();
    expect(explainError(bare).tries.length).toBeGreaterThan(1);
    expect(explainError({ ...bare, line: 1 }, 'x').place).toEqual({
      line: 1,
      text: 'x',
      from: 0,
      to: 0,
    });
    expect(explainError({ ...bare, line: 99 }, 'x').place).toMatchObject({ line: 99, text: '' });
  });

  test('tells of an error that it has no words for what Python says', () => {
    const error = { type: 'OrcError', message: 'the orc\u202e fled', traceback: '' };
    expect(explainError(error)).toMatchObject({
      title: 'The program ended with OrcError',
      meaning: 'Python says: the orc\\u202e fled',
    });
    expect(explainError({ type: '', message: '', traceback: '' }).title).toMatch(/an error/);
  });

  test.each([
    ['maths', 'math'],
    ['Random', 'random'],
    ['jsn', 'json'],
    ['itertool', 'itertools'],
    ['turtel', 'turtle'],
  ])('finds that %s is nearly %s', (given, meant) => {
    const message = `No module named '${given}'`;
    const { tries } = explainError({ type: 'ModuleNotFoundError', message, traceback: '' });
    expect(tries[0]).toBe(`Perhaps you mean \`${meant}\`.`);
  });

  test('claims nothing of a module that is like none', () => {
    const message = "No module named 'orcs.weapons'";
    const { tries, title } = explainError({ type: 'ModuleNotFoundError', message, traceback: '' });
    expect(title).toContain('orcs.weapons');
    expect(tries[0]).toContain('orcs.py');
  });

  test('is bounded and harmless for an error made to harm', () => {
    const long = 'a\u001b[2J\u202e'.repeat(5000);
    for (const type of ['NameError', 'TypeError', 'SyntaxError', 'ModuleNotFoundError', long]) {
      for (const message of [long, `name '${long}' is not defined`, '('.repeat(10_000)]) {
        const traceback = `${`${FRAME} 1\n`.repeat(500)}    ${'^'.repeat(60_000)}\n${type}: ${long}`;
        const told = explainError({ type, message, traceback, line: 1 }, long.repeat(10));
        const text = [told.title, told.told, told.meaning, ...told.tries].join('');
        expect(text.length).toBeLessThan(20_000);
        expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u);
        expect(told.place?.text.length).toBeLessThan(1000);
      }
    }
  });
});
