import { describe, expect, test } from 'vitest';
import { OptionError } from '../errors';
import { callOf, refusalOf, use } from '../testing/capability-use';
import { pngHead } from '../testing/picture-bytes';
import { SceneBytes } from '../testing/scene-bytes';
import { createDisplay, type Display } from './display';
import type { Drawing } from './drawing';

function show(display: Display, text: string, id: string | null = null): unknown {
  return use(display.capabilities.display.show, [id, 'text', text, '']);
}

function shown(display: Display): string[] {
  return display.items.map(({ content }) => ('text' in content ? content.text : content.kind));
}

async function canvas(display: Display, width = 100, height = 100): Promise<Drawing> {
  return (await use(display.capabilities.display.canvas, [width, height, 'x'])) as Drawing;
}

function onCanvas(display: Display, name: string, target: Drawing, ...args: unknown[]): unknown {
  const member = display.kinds[0]?.members[name];
  if (member === undefined || !('invoke' in member)) throw new Error(`there is no ${name}`);
  return member.invoke(callOf({ target, args: args as never[] }));
}

describe('a display', () => {
  test('shows things in the order in which they came', () => {
    const display = createDisplay();
    show(display, 'a');
    show(display, 'b');
    expect(shown(display)).toEqual(['a', 'b']);
    display.clear();
    expect(shown(display)).toEqual([]);
  });

  test('replaces what has the same id, in its place', () => {
    const display = createDisplay();
    show(display, 'a', 'x');
    show(display, 'b');
    const key = display.items[0]?.key;
    show(display, 'c', 'x');
    expect(shown(display)).toEqual(['c', 'b']);
    expect(display.items[0]?.key).toBe(key);
  });

  test('lets the oldest go where there are too many, and counts them', () => {
    const display = createDisplay({ limits: { items: 3 } });
    for (const text of 'abcde') show(display, text);
    expect(shown(display)).toEqual(['c', 'd', 'e']);
    expect(display.dropped).toBe(2);
  });

  test('lets the oldest go where they are too large together', () => {
    const display = createDisplay({ limits: { totalBytes: 10 } });
    show(display, '12345');
    show(display, '67890');
    show(display, 'abc');
    expect(shown(display)).toEqual(['67890', 'abc']);
    show(display, 'ABCDEFGH', 'x');
    show(display, 'abc', 'x');
    show(display, 'defghij');
    expect(shown(display)).toEqual(['abc', 'defghij']);
  });

  test('refuses what is too large by itself, and what is of no kind', () => {
    const display = createDisplay({ limits: { itemBytes: 4 } });
    expect(refusalOf(() => show(display, 'äöü'))).toBe(
      'size: it has 6 bytes, and at most 4 can be shown',
    );
    const { show: method } = display.capabilities.display;
    for (const kind of ['script', 'toString', '', 'png']) {
      expect(refusalOf(() => use(method, [null, kind, 'x', '']))).toMatch(/^type: /);
    }
    expect(refusalOf(() => use(method, ['i'.repeat(101), 'text', 'x', '']))).toMatch(/^size: /);
  });

  test('refuses a picture that is another one than it is said to be', () => {
    const { show: method } = createDisplay().capabilities.display;
    expect(refusalOf(() => use(method, [null, 'gif', pngHead(2, 2), '']))).toBe(
      'type: that is a png, not what it is said to be',
    );
    expect(refusalOf(() => use(method, [null, 'html', pngHead(2, 2), '']))).toMatch(/^type: /);
    expect(refusalOf(() => use(method, [null, 'png', pngHead(9999, 9999), '']))).toMatch(/^size: /);
  });

  test('refuses a table whose rows have other cells than columns, or too many', () => {
    const { table } = createDisplay().capabilities.display;
    const args = (rows: string[][]) => [null, ['a', 'b'], [true, false], rows, rows.length, 2, ''];
    expect(refusalOf(() => use(table, args([['1']])))).toMatch(/^type: /);
    const many = Array<string[]>(10_001).fill(['1', '2']);
    expect(refusalOf(() => use(table, args(many)))).toMatch(/^size: /);
    expect(() => use(table, args([['1', '2']]))).not.toThrow();
  });

  test('has a guest that shows very much wait for the page', () => {
    const display = createDisplay();
    let waits: unknown;
    for (let count = 0; count < 1000 && waits === undefined; count++) waits = show(display, 'x');
    expect(waits).toBeInstanceOf(Promise);
  });

  test('has limits that are whole numbers with a most', () => {
    const make = (limits: object) => () => createDisplay({ limits });
    expect(make({ items: 0 })).toThrow(OptionError);
    expect(make({ items: Number.POSITIVE_INFINITY })).toThrow(OptionError);
    expect(make({ itemBytes: 2 ** 20 })).toThrow(OptionError);
    expect(make({ colour: 3 })).toThrow('display: colour is unknown');
  });
});

describe('a question', () => {
  const words = ['Name', 'Who are you?', '', ''];

  test('gives the answer, with the clocks standing still meanwhile', async () => {
    const display = createDisplay();
    const clocks: string[] = [];
    const pauseClocks = () => {
      clocks.push('stop');
      return () => clocks.push('go on');
    };
    const asked = use(display.capabilities.display.ask, words, { pauseClocks });
    expect(display.questions.map(({ prompt }) => prompt)).toEqual(['Who are you?']);
    expect(clocks).toEqual(['stop']);
    display.questions[0]?.answer('Ada');
    expect(await asked).toBe('Ada');
    expect(clocks).toEqual(['stop', 'go on']);
    expect(display.questions).toEqual([]);
  });

  test('that nobody waits for any more is not asked', async () => {
    const display = createDisplay();
    const controller = new AbortController();
    const asked = use(display.capabilities.display.ask, words, { signal: controller.signal });
    controller.abort();
    expect(await asked).toBeNull();
    expect(display.questions).toEqual([]);
  });

  test('is one of 16 at most', async () => {
    const display = createDisplay();
    for (let count = 0; count < 16; count++) void use(display.capabilities.display.ask, words);
    expect(await use(display.capabilities.display.ask, words)).toBeNull();
  });
});

describe('a canvas', () => {
  test('gives what the user did with what it draws', async () => {
    const display = createDisplay();
    const drawing = await canvas(display);
    drawing.events.push(['press', 5, 6, '1']);
    const { bytes } = new SceneBytes().line(1, 0, 0, 9, 9);
    expect(await onCanvas(display, 'draw', drawing, bytes, false)).toEqual([['press', 5, 6, '1']]);
    expect(drawing.scene.count).toBe(1);
  });

  test('stops the clocks while only the user can end a wait, and not for one with a time', async () => {
    const display = createDisplay();
    const drawing = await canvas(display);
    const clocks: string[] = [];
    const member = display.kinds[0]?.members.events;
    if (member === undefined || !('invoke' in member)) throw new Error('no events');
    const wait = (seconds: number | null) =>
      member.invoke(
        callOf({
          target: drawing,
          args: [seconds],
          pauseClocks: () => {
            clocks.push('stop');
            return () => clocks.push('go on');
          },
        }),
      );
    expect(await wait(0.001)).toEqual([]);
    expect(clocks).toEqual([]);
    const waiting = wait(null);
    drawing.events.push(['keydown', 0, 0, 'a']);
    expect(await waiting).toEqual([['keydown', 0, 0, 'a']]);
    expect(clocks).toEqual(['stop', 'go on']);
  });

  test('that has been cleared away is gone for its program', async () => {
    const display = createDisplay();
    const drawing = await canvas(display);
    display.clear();
    expect(refusalOf(() => onCanvas(display, 'watch', drawing, true, true, true))).toMatch(
      /^revoked: /,
    );
    await expect(onCanvas(display, 'draw', drawing, new Uint8Array(0), false)).rejects.toThrow(
      'cleared away',
    );
  });

  test('makes room for a newer one where there are too many', async () => {
    const display = createDisplay({ limits: { canvases: 2 } });
    const first = await canvas(display);
    await canvas(display);
    await canvas(display);
    expect([display.items.length, display.shows(first)]).toEqual([2, false]);
  });

  test('has a size with a most', async () => {
    const display = createDisplay();
    await expect(canvas(display, 5000, 10)).rejects.toThrow('pixels wide');
    await expect(canvas(display, 0, 10)).rejects.toThrow('pixels wide');
    const drawing = await canvas(display);
    expect(refusalOf(() => onCanvas(display, 'resize', drawing, 1e9, 1e9))).toMatch(/^size: /);
  });

  test('takes pictures up to a number, and none that are bombs', async () => {
    const display = createDisplay();
    const drawing = await canvas(display);
    const picture = (bytes: Uint8Array) => () => onCanvas(display, 'picture', drawing, bytes);
    expect(picture(pngHead(9, 9))()).toBe(1);
    expect(refusalOf(picture(pngHead(60_000, 60_000)))).toMatch(/^size: /);
    for (let count = 1; count < 64; count++) picture(pngHead(9, 9))();
    expect(refusalOf(picture(pngHead(9, 9)))).toBe(
      'size: these are too many pictures for one canvas',
    );
  });

  test('listens no more when its program has let go of it', async () => {
    const display = createDisplay();
    const drawing = await canvas(display);
    drawing.watch({ keys: true, pointer: true, moves: false });
    display.kinds[0]?.drop(drawing);
    expect(drawing.watched.keys).toBe(false);
    expect(display.shows(drawing)).toBe(true);
  });
});
