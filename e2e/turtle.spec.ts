import { expect } from '@playwright/test';
import { programNamed, type Shown, test } from './support/display-page';

const WHITE = '#ffffff';

/** Programs that end by themselves: what they print, and what is to be seen. */
const drawings: readonly {
  readonly name: string;
  readonly prints?: string;
  /** The most frequent colour. */
  readonly ground?: string;
  /** Colours, and how many pixels have them at least. */
  readonly has: Readonly<Record<string, number>>;
  /** x, y, colour. */
  readonly at?: readonly (readonly [number, number, string])[];
}[] = [
  { name: 'spiral', has: { '#0000ff': 2000 } },
  { name: 'star', has: { '#ffd700': 2000, '#b22222': 500 } },
  { name: 'koch', has: { '#000000': 500 }, at: [[0, 0, WHITE]] },
  {
    name: 'sierpinski',
    has: { '#0000ff': 3000, '#ff0000': 3000, '#008000': 1500 },
    at: [[0, -100, '#ffff00']],
  },
  { name: 'tree', has: { '#008000': 500 } },
  { name: 'dragon', has: { '#800080': 1000 } },
  { name: 'clock', has: { '#000080': 500, '#ff0000': 60, '#000000': 2000 } },
  {
    name: 'bouncing-ball',
    prints: 'bounced 180\n',
    ground: '#000000',
    has: { '#00ff00': 200 },
  },
  {
    name: 'yin-yang',
    has: { '#000000': 20_000 },
    at: [
      [100, 0, '#000000'],
      [-100, 0, WHITE],
      [0, 80, WHITE],
      [0, -80, '#000000'],
    ],
  },
  {
    name: 'polygons',
    ground: '#add8e6',
    has: { '#ff0000': 500, '#ffa500': 800, '#006400': 800, '#000080': 800 },
  },
  { name: 'stamps', prints: '27 stamps\n', has: { '#0000ff': 2000 } },
  {
    name: 'chess-board',
    has: { '#000000': 25_000 },
    at: [
      [-105, 135, WHITE],
      [-75, 135, '#000000'],
      [-105, 105, '#000000'],
    ],
  },
  { name: 'sunflower', ground: '#000000', has: { '#ffd700': 3000 } },
  { name: 'text-circle', prints: 'moved\n', has: { '#000000': 500 } },
  { name: 'random-walk', has: {} },
  {
    name: 'hanoi',
    prints: '15 [0, 0, 4]\n',
    has: { '#ff0000': 300, '#ffa500': 600, '#008000': 900, '#0000ff': 1200 },
    at: [
      [200, -100, '#0000ff'],
      [-200, -100, WHITE],
    ],
  },
  { name: 'world-coordinates', has: { '#dc143c': 800 } },
  { name: 'undo', prints: '(-0.00,0.00) black\n', has: { '#000000': 250 } },
];

for (const { name, prints = '', ground = WHITE, has, at = [] } of drawings) {
  test(`the program ${name} draws what it draws elsewhere`, async ({ shown }) => {
    test.slow();
    expect(await shown.run(programNamed(name))).toBe(prints);
    const colors = await shown.colors();
    const [mostFrequent] = Object.entries(colors).sort(([, one], [, other]) => other - one);
    expect(mostFrequent?.[0]).toBe(ground);
    for (const [color, least] of Object.entries(has)) {
      expect(await shown.inked(color), `pixels of ${color}`).toBeGreaterThanOrEqual(least);
    }
    for (const [x, y, color] of at) expect(await shown.colorAt(x, y), `at ${x}, ${y}`).toBe(color);
  });
}

test('the random walk paints many colours', async ({ shown }) => {
  await shown.run(programNamed('random-walk'));
  expect(Object.keys(await shown.colors()).length).toBeGreaterThan(100);
});

test('what was undone is not to be seen', async ({ shown }) => {
  await shown.run(programNamed('undo'));
  expect(Object.keys(await shown.colors())).not.toContain('#ff0000');
});

/** Programs that wait for a click in the end. */
for (const [name, color, least] of [
  ['hilbert', '#cc0044', 2000],
  ['nested-squares', '#000000', 2000],
  ['spirograph', '#0028ff', 100],
  ['custom-shape', '#a52a2a', 1500],
] as const) {
  test(`the program ${name} draws, and ends with a click`, async ({ shown }) => {
    test.slow();
    const { ended } = await shown.start(programNamed(name));
    await expect.poll(() => shown.inked(color), { timeout: 60_000 }).toBeGreaterThanOrEqual(least);
    await waitsFor(shown, 'pointer');
    await shown.clickAt(100, -150);
    expect(await ended).toBe('');
    // What was drawn is still there.
    expect(await shown.inked(color)).toBeGreaterThanOrEqual(least);
  });
}

async function waitsFor({ page }: Shown, what: 'keys' | 'pointer'): Promise<void> {
  await page.waitForFunction(
    (watched) =>
      opened.display.items.some(
        ({ content }) => content.kind === 'canvas' && content.drawing.watched[watched],
      ),
    what,
  );
}

test('a race is bet on in a dialog, and won by a turtle', async ({ shown }) => {
  const { page } = shown;
  const { ended } = await shown.start(programNamed('race'));
  const field = page.getByLabel('Which turtle will win the race?');
  await expect(field).toBeFocused();
  await field.fill('red');
  await field.press('Enter');
  await waitsFor(shown, 'pointer');
  await shown.clickAt(0, 150);
  expect(await ended).toMatch(/^You've (won|lost)! The winner is \w+\n$/);
});

test('a number is asked for until it fits', async ({ shown }) => {
  const { page } = shown;
  const { ended } = await shown.start(programNamed('guess'));
  const field = page.getByLabel('How many petals?');
  await expect(field).toHaveValue('6');
  await field.fill('50');
  await page.getByRole('button', { name: 'OK' }).click();
  await expect(page.getByRole('alert')).toHaveText('It can be at most 12.');
  await field.fill('8');
  await page.getByRole('button', { name: 'OK' }).click();
  await waitsFor(shown, 'pointer');
  await shown.clickAt(-250, -200);
  expect(await ended).toBe('8.0\n');
  expect((await shown.colors())['#ff69b4'] ?? 0).toBeGreaterThan(5000);
});

test('keys steer a turtle, and leave the page where it is', async ({ shown }) => {
  const { page } = shown;
  const { ended } = await shown.start(programNamed('etch-a-sketch'));
  await waitsFor(shown, 'keys');
  await expect(shown.canvas).toBeFocused();
  for (const key of ['w', 'a', 'w', 'ArrowUp']) await page.keyboard.press(key);
  await expect.poll(() => shown.colorAt(50, 80), { timeout: 30_000 }).toBe('#000000');
  expect(await page.evaluate(() => scrollY)).toBe(0);
  await page.keyboard.press('c');
  // A window that closes under a function that draws would end it by an exception.
  await expect.poll(() => page.evaluate(() => opened.output())).toContain('cleared\n');
  expect(await shown.colorAt(50, 30)).toBe(WHITE);
  await page.keyboard.press('q');
  expect(await ended).toBe('cleared\n');
});

test('a program does not take the keys away from a field that the user writes in', async ({
  shown,
}) => {
  const { page } = shown;
  await page.evaluate(() => {
    const field = document.createElement('input');
    document.body.append(field);
    field.focus();
  });
  const { ended } = await shown.start(programNamed('etch-a-sketch'));
  await expect(page.getByText('Click the drawing to play')).toBeVisible();
  await page.keyboard.type('secret');
  expect(await page.locator('input').inputValue()).toBe('secret');
  await shown.canvas.click();
  await page.keyboard.press('q');
  expect(await ended).toBe('');
});

test('clicks draw dots, and hit a turtle', async ({ shown }) => {
  const { ended } = await shown.start(programNamed('click-dots'));
  await waitsFor(shown, 'pointer');
  await shown.clickAt(60, 40);
  await shown.clickAt(-60, -80);
  await expect.poll(() => shown.colorAt(-60, -80)).toBe('#ff00ff');
  expect(await shown.colorAt(60, 40)).toBe('#ff00ff');
  await shown.clickAt(-100, 100);
  expect(await ended).toBe('stop\n');
});

test('a turtle is dragged about', async ({ shown }) => {
  const { page } = shown;
  const { ended } = await shown.start(programNamed('drag'));
  await waitsFor(shown, 'pointer');
  const box = await shown.canvas.boundingBox();
  const from = await shown.position(0, 0);
  const [x, y] = [(box?.x ?? 0) + from.x, (box?.y ?? 0) + from.y];
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let step = 1; step <= 10; step++) {
    await page.mouse.move(x + step * 12, y);
    await shown.painted();
  }
  await page.mouse.up();
  await expect.poll(() => shown.colorAt(60, 0)).toBe('#ffa500');
  await shown.clickAt(0, 200, 'right');
  expect(await ended).toBe('');
});

test('a turtle that moves over very many lines does not stop the page', async ({ shown }) => {
  const { page } = shown;
  const drawn = shown.run(`
import turtle
turtle.tracer(500, 0)
turtle.speed(0)
for i in range(30_000):
    turtle.fd(40)
    turtle.lt(91 + i % 7)
turtle.update()
turtle.tracer(1, 0)
for i in range(60):
    turtle.fd(3)
`);
  const button = page.getByRole('button', { name: /^\d+$/ });
  await button.click();
  await expect(button).toHaveText('1');
  await drawn;
  await button.click();
  await expect(button).toHaveText('2');
});
