import AxeBuilder from '@axe-core/playwright';
import { expect } from '@playwright/test';
import { test } from './support/display-page';

/** Where whatever a page of the program's could reach would be seen. */
const ELSEWHERE = 'https://elsewhere.invalid/';

test.beforeEach(async ({ shown }) => {
  await shown.run('from glovebox import HTML, Image, Latex, Markdown, SVG, Table, charts');
});

/** Python's literal for text. */
const quoted = (text: string): string => JSON.stringify(text);

for (const [title, markup] of [
  ['a script', '<script>parent.hacked = 1; fetch("https://elsewhere.invalid/s")</script>'],
  ['an image that fails', '<img src=x onerror="parent.hacked = 1">'],
  [
    'an image from elsewhere',
    '<img src="https://elsewhere.invalid/p.png" srcset="https://elsewhere.invalid/q.png 2x">',
  ],
  ['an SVG that loads', '<svg onload="parent.hacked = 1"><script>parent.hacked = 1</script></svg>'],
  ['a refresh', '<meta http-equiv="refresh" content="0; url=https://elsewhere.invalid/r">'],
  ['a base', '<base href="https://elsewhere.invalid/"><img src="a.png">'],
  [
    'styles from elsewhere',
    '<style>@import url(https://elsewhere.invalid/i.css); body { background: url(https://elsewhere.invalid/b.png) }</style>',
  ],
  ['a sheet of styles', '<link rel="stylesheet" href="https://elsewhere.invalid/l.css">'],
  [
    'a font',
    '<style>@font-face { font-family: f; src: url(https://elsewhere.invalid/f.woff2) } body { font-family: f }</style>x',
  ],
  [
    'a frame in a frame',
    '<iframe src="https://elsewhere.invalid/f"></iframe><object data="https://elsewhere.invalid/o"></object>',
  ],
  [
    'a video',
    '<video src="https://elsewhere.invalid/v.mp4" autoplay></video><audio src="https://elsewhere.invalid/a"></audio>',
  ],
  [
    'a form that is sent',
    '<form action="https://elsewhere.invalid/post" method="post"><input autofocus onfocus="parent.hacked = 1"></form>',
  ],
  [
    'markup that is not closed',
    '<svg><style><img src=x onerror=parent.hacked=1></style><math><mtext></p><img src=x onerror=parent.hacked=1>',
  ],
  [
    'a policy of its own',
    '</body></html><meta http-equiv="Content-Security-Policy" content="script-src *"><script src="https://elsewhere.invalid/x.js"></script>',
  ],
] as const) {
  test(`HTML with ${title} runs nothing and reaches nothing`, async ({ shown }) => {
    const { page } = shown;
    const reached = await shown.requestsTo(ELSEWHERE);
    const address = page.url();
    await shown.run(`display(HTML(${quoted(`<p>seen</p>${markup}`)}))`);
    const frame = shown.items.locator('iframe');
    await expect(frame.contentFrame().getByText('seen')).toBeVisible();
    await expect(frame).toHaveAttribute('sandbox', '');
    await page.waitForTimeout(300);
    expect(await page.evaluate(() => 'hacked' in globalThis)).toBe(false);
    expect(reached).toEqual([]);
    expect(page.url()).toBe(address);
    expect(page.context().pages()).toHaveLength(1);
  });
}

for (const [title, markup] of [
  ['to a script', '<a href="javascript:parent.hacked = 1">go</a>'],
  ['elsewhere', '<a href="https://elsewhere.invalid/">go</a>'],
  ['elsewhere, of the whole page', '<a href="https://elsewhere.invalid/" target="_top">go</a>'],
  ['elsewhere, in a window', '<a href="https://elsewhere.invalid/" target="_blank">go</a>'],
  [
    'elsewhere, from an SVG',
    '<svg width="50" height="50"><a xlink:href="https://elsewhere.invalid/"><text y="20">go</text></a></svg>',
  ],
] as const) {
  test(`a link in HTML ${title} leads nowhere`, async ({ shown }) => {
    const { page } = shown;
    const reached = await shown.requestsTo(ELSEWHERE);
    const address = page.url();
    await shown.run(`display(HTML(${quoted(markup)}))`);
    const inside = shown.items.locator('iframe').contentFrame();
    await inside.getByText('go').click();
    await page.waitForTimeout(200);
    await expect(inside.getByText('go')).toBeVisible();
    expect(await page.evaluate(() => 'hacked' in globalThis)).toBe(false);
    expect([page.url(), reached, page.context().pages().length]).toEqual([address, [], 1]);
  });
}

test('HTML can not read the page, whatever it is: it is of no origin', async ({ shown }) => {
  await shown.run('display(HTML("<p>x</p>"))');
  await expect(shown.items.locator('iframe').contentFrame().getByText('x')).toBeVisible();
  const isReadable = await shown.items
    .locator('iframe')
    .evaluate((frame: HTMLIFrameElement) => frame.contentDocument !== null);
  expect(isReadable).toBe(false);
});

test('styles can not cover the page: they stay in their frame', async ({ shown }) => {
  const { page } = shown;
  const css =
    '* { position: fixed; inset: 0; width: 9999px; height: 9999px; z-index: 9999; background: red }';
  await shown.run(`
display(HTML(${quoted(`<style>${css}</style><div style="${css.slice(4, -2)}">x</div>`)}))
display(Markdown(${quoted(`<style>${css}</style><div style="position:fixed;inset:0">y</div>`)}))
display(SVG(${quoted(`<svg xmlns="http://www.w3.org/2000/svg" width="99999" height="99999" style="position:fixed"><style>${css}</style><rect width="9" height="9"/></svg>`)}))
display(Latex(${quoted('\\hspace{-9999em}\\rule{9999em}{9999em}')}))
`);
  await expect(shown.items).toHaveCount(4);
  const button = page.getByRole('button');
  await button.click();
  await expect(button).toHaveText('1');
  const box = await shown.items.locator('iframe').boundingBox();
  expect(box?.height ?? 9999).toBeLessThanOrEqual(720);
});

for (const [title, markup] of [
  ['a script', '<script>parent.hacked = 1</script>'],
  ['a handler', '<rect onclick="hacked = 1" onload="hacked = 1" width="50" height="50"/>'],
  [
    'HTML in it',
    '<foreignObject width="50" height="50"><iframe xmlns="http://www.w3.org/1999/xhtml" src="https://elsewhere.invalid/"/></foreignObject>',
  ],
  [
    'pictures from elsewhere',
    '<image href="https://elsewhere.invalid/i.png" width="50" height="50"/>',
  ],
  [
    'references to elsewhere',
    '<use href="https://elsewhere.invalid/u.svg#a"/><feImage href="https://elsewhere.invalid/fe.png"/>',
  ],
  [
    'styles from elsewhere',
    '<style>@import "https://elsewhere.invalid/i.css"; rect { fill: url(https://elsewhere.invalid/f.svg#a) }</style>',
  ],
  [
    'animations of links',
    '<a><set attributeName="href" to="javascript:parent.hacked=1"/><text y="20">x</text></a>',
  ],
] as const) {
  test(`SVG with ${title} is a picture and nothing else`, async ({ shown }) => {
    const { page } = shown;
    const reached = await shown.requestsTo(ELSEWHERE);
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="60" height="60">${markup}<circle r="40" fill="lime"/></svg>`;
    await shown.run(`display(SVG(${quoted(svg)}, alt='A circle'))`);
    const picture = shown.page.getByRole('img', { name: 'A circle' });
    await expect(picture).toBeVisible();
    const { source, width } = await picture.evaluate(async (image: HTMLImageElement) => {
      await image.decode();
      return { source: decodeURIComponent(image.src), width: image.naturalWidth };
    });
    expect(width).toBe(60);
    expect(source).toMatch(/^data:image\/svg\+xml;charset=utf-8,<svg/);
    expect(source).not.toMatch(/script|onclick|onload|foreignObject|<image|<use|href|<set/i);
    await page.waitForTimeout(200);
    expect(reached).toEqual([]);
    expect(await page.evaluate(() => 'hacked' in globalThis)).toBe(false);
  });
}

test('what is no SVG, has too many elements or nests references is told or harmless', async ({
  shown,
}) => {
  const nested = Array.from(
    { length: 20 },
    (_, n) => `<g id="g${n + 1}">${`<use href="#g${n}"/>`.repeat(10)}</g>`,
  ).join('');
  await shown.run(`
display(SVG('<p>no</p>'))
display(SVG('<svg xmlns="http://www.w3.org/2000/svg">' + '<g/>' * 30_000 + '</svg>'))
display(SVG('<svg xmlns="http://www.w3.org/2000/svg"><g id="g0"><rect width="1" height="1"/></g>' + ${quoted(nested)} + '</svg>'))
`);
  await expect(shown.items.nth(0)).toContainText('This can not be shown: it has no svg element.');
  await expect(shown.items.nth(1)).toContainText('more than 20000 elements');
  await expect(shown.items.nth(2).locator('img')).toBeVisible();
});

test('Markdown becomes elements; HTML in it stays text; links lead to the web only', async ({
  shown,
}) => {
  const { page } = shown;
  const text = [
    '# Title\n\nSome *text*, **strong**, `code` and $x^2$.\n\n- one\n- [x] two\n\n1. a\n2. b\n',
    '| a | b |\n|---|--:|\n| 1 | 2 |\n\n> quoted\n\n```python\nprint(1)\n```\n',
    '[web](https://example.org/) [script](javascript:alert(1)) [data](data:text/html,x)\n',
    '<script>parent.hacked = 1</script>\n\n<img src=x onerror="parent.hacked=1"> &amp; &lt;b>\n',
    '![picture](https://elsewhere.invalid/p.png)\n\n$$\\frac{1}{2}$$\n',
    '<javascript:alert(1)> <https://example.com/auto>',
  ].join('\n');
  const reached = await shown.requestsTo(ELSEWHERE);
  await shown.run(`display(Markdown(${quoted(text)}))`);
  const item = shown.items.first();
  await expect(item.getByRole('heading', { name: 'Title' })).toBeVisible();
  await expect(item.locator('em')).toHaveText('text');
  await expect(item.locator('td')).toHaveText(['1', '2']);
  await expect(item.locator('math')).toHaveCount(2);
  await expect(item.locator('script, img, iframe')).toHaveCount(0);
  await expect(item).toContainText('<script>parent.hacked = 1</script>');
  await expect(item).toContainText('[picture]');
  const links = await item
    .locator('a')
    .evaluateAll((all) =>
      all.map((one) => ['href', 'target', 'rel'].map((name) => one.getAttribute(name)).join(' ')),
    );
  expect(links).toEqual([
    'https://example.org/ _blank noopener noreferrer nofollow',
    'https://example.com/auto _blank noopener noreferrer nofollow',
  ]);
  expect(await page.evaluate(() => 'hacked' in globalThis)).toBe(false);
  expect(reached).toEqual([]);
});

test('formulas are MathML without links, pictures or styles of their own', async ({ shown }) => {
  const hostile =
    '\\href{javascript:alert(1)}{x} \\includegraphics{https://elsewhere.invalid/p.png} \\url{https://elsewhere.invalid/}';
  const reached = await shown.requestsTo(ELSEWHERE);
  await shown.run(`
display(Latex(r'$\\int_0^1 x^2\\,dx = \\frac{1}{3}$'))
display(Latex(${quoted(hostile)}))
display(Latex(r'\\def\\a{\\a\\a}\\a'))
display(Latex('\\\\frac{'))
display(Latex('x' * 30_000))
`);
  await expect(shown.items.first().locator('math')).toBeVisible();
  await expect(shown.items.nth(4)).toContainText('the formula is too long');
  const markup = await shown.items.evaluateAll((items) => items.map((one) => one.innerHTML).join());
  expect(markup).not.toMatch(/href=|<img|javascript:alert\(1\)"/);
  expect(reached).toEqual([]);
});

test('a table is a table, with its numbers to the right and its text as text', async ({
  shown,
}) => {
  await shown.run(
    `display([{'name': '<img src=x onerror=hacked=1>', 'age': 36}, {'name': 'bob', 'age': 7}])`,
  );
  const table = shown.page.getByRole('table');
  await expect(table.getByRole('columnheader')).toHaveText(['name', 'age']);
  await expect(table.getByRole('cell')).toHaveText([
    '<img src=x onerror=hacked=1>',
    '36',
    'bob',
    '7',
  ]);
  await expect(table.locator('td.number')).toHaveCount(2);
  await expect(table.locator('img')).toHaveCount(0);
});

test('a picture is shown with its description; one that is damaged harms nothing', async ({
  shown,
}) => {
  await shown.run(`
import struct, zlib
def png(width, height):
    def chunk(name, data):
        return struct.pack('>I', len(data)) + name + data + struct.pack('>I', zlib.crc32(name + data))
    rows = (b'\\0' + b'\\xff\\0\\0' * width) * height
    return (b'\\x89PNG\\r\\n\\x1a\\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', width, height, 8, 2, 0, 0, 0))
        + chunk(b'IDAT', zlib.compress(rows)) + chunk(b'IEND', b''))
display(Image(png(20, 10), alt='A red box'))
display(Image(png(20, 10)[:60], alt='Half'))
try:
    display(Image(png(1, 1)[:16] + struct.pack('>II', 60_000, 60_000) + bytes(9)))
except ValueError as error:
    print(error)
`);
  const picture = shown.page.getByRole('img', { name: 'A red box' });
  await expect(picture).toBeVisible();
  expect(await picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(20);
  await expect(shown.items).toHaveCount(2);
});

test('100,000 displays in a loop leave the newest, and a page that listens', async ({ shown }) => {
  test.setTimeout(120_000);
  const { page } = shown;
  const running = page.evaluate(async () => {
    globalThis.opened = await displayPage.open({
      limits: { wallMs: 200_000, cpuMs: 200_000 },
    });
    const outcome = await opened.sandbox.run('for n in range(100_000): display(n)');
    return outcome.status;
  });
  const button = page.getByRole('button');
  for (const count of ['1', '2', '3']) {
    await button.click();
    await expect(button).toHaveText(count);
  }
  // On a machine that others keep busy: as many as there were until then.
  const stop = setTimeout(() => page.evaluate(() => opened.sandbox.interrupt()), 20_000);
  expect(['ok', 'interrupted']).toContain(await running);
  clearTimeout(stop);
  await shown.painted();
  await expect(shown.items).toHaveCount(100);
  const last = Number(await shown.items.last().textContent());
  expect(last).toBeGreaterThan(1000);
  expect(await page.evaluate(() => opened.display.dropped)).toBe(last + 1 - 100);
});

test('HTML without end is shown as fast as the page can, which listens meanwhile', async ({
  shown,
}) => {
  const { page } = shown;
  const running = page.evaluate(async () => {
    const outcome = await opened.sandbox.run('while True: display(HTML("<b>x</b>" * 20_000))');
    return outcome.status;
  });
  const button = page.getByRole('button');
  await button.click();
  await expect(button).toHaveText('1');
  await page.evaluate(() => opened.sandbox.interrupt());
  expect(await running).toBe('interrupted');
});

test('what has an id is replaced where it is', async ({ shown }) => {
  await shown.run('handle = display(1, id="x")\ndisplay(2)\nhandle.update(Markdown("**3**"))');
  await expect(shown.items).toHaveText(['3', '2']);
  await shown.page.evaluate(() => opened.display.clear());
  await expect(shown.items).toHaveCount(0);
});

test('an animation is painted frame by frame', async ({ shown }) => {
  const printed = await shown.run(`
import time
from glovebox.canvas import Canvas
canvas = Canvas(300, 200, 'Many balls')
started = time.monotonic()
for frame in range(120):
    canvas.clear()
    for ball in range(200):
        canvas.circle((ball * 37 + frame) % 300, (ball * 53 + frame * 2) % 200, 5, fill='teal')
    canvas.frame()
print(time.monotonic() - started)
`);
  // The page paints 60 times a second at most; on a busy machine less often.
  expect(Number(printed)).toBeGreaterThan(1.5);
  expect((await shown.colors())['#008080'] ?? 0).toBeGreaterThan(5000);
  await expect(shown.page.getByRole('img', { name: 'Many balls' })).toBeVisible();
});

const GALLERY = `
import math, turtle
display(Markdown('''## The logistic curve

A population grows *fast at first*, then meets its limit $K$:

$$P(t) = \\\\frac{K}{1 + \\\\left(\\\\frac{K - P_0}{P_0}\\\\right)e^{-rt}}$$

- with \`r = 0.8\` it takes ten steps
- see [the article](https://en.wikipedia.org/wiki/Logistic_function)
'''))
ts = [t / 4 for t in range(49)]
curve = lambda r: [100 / (1 + 9 * math.exp(-r * t)) for t in ts]
display(charts.line({'r = 0.8': curve(0.8), 'r = 0.5': curve(0.5), 'r = 0.3': curve(0.3)}, x=ts,
                    title='Growth', x_label='time', y_label='population'))
display(Table([{'time': t, 'r = 0.8': a, 'r = 0.3': b}
               for t, a, b in list(zip(ts, curve(0.8), curve(0.3)))[::8]], caption='Every eighth step'))
display(charts.bar({'Oslo': [4, 7, 12], 'Rome': [11, 14, 19]}, ['March', 'April', 'May'], title='Temperature', y_label='°C'))
display(charts.pie({'tea': 5, 'coffee': 8, 'water': 3, 'juice': 2}, title='Drinks'))
display(HTML('<h3>From HTML</h3><p>In a frame of <b>its own</b>.</p>'))
turtle.bgcolor('#fdf6e3'); turtle.setup(480, 360); turtle.speed(0); turtle.delay(0); turtle.tracer(5)
turtle.colormode(1.0); turtle.pensize(2)
for i in range(150):
    turtle.pencolor(0.1 + i / 200, 0.2, 0.9 - i / 200)
    turtle.forward(i * 1.6); turtle.left(59)
turtle.hideturtle(); turtle.update()
`;

for (const scheme of ['light', 'dark'] as const) {
  test(`a page of pictures has no serious fault for those who can't see it: ${scheme}`, async ({
    shown,
  }) => {
    const { page } = shown;
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize({ width: 760, height: 900 });
    await shown.run(GALLERY);
    await expect(shown.items.locator('math')).toHaveCount(2);
    await shown.painted();
    const { violations } = await new AxeBuilder({ page })
      .include('glovebox-display')
      // A frame whose scripts do not run can't be looked into.
      .exclude({ fromShadowDom: ['glovebox-display', 'iframe'] })
      .analyze();
    const serious = violations.filter(
      ({ impact }) => impact === 'serious' || impact === 'critical',
    );
    expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
    await page.screenshot({ path: `test-results/display-${scheme}.png`, fullPage: true });
    // Frames of no origin are painted only where they are in sight.
    await shown.items.locator('iframe').scrollIntoViewIfNeeded();
    await page.screenshot({ path: `test-results/display-frame-${scheme}.png` });
  });
}
