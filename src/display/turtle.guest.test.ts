import { describe, expect } from 'vitest';
import { guestIt as it, type OpenedSandbox, pause } from '../testing/guest-test';
import { createDisplay, type Display } from './display';
import type { Drawing } from './drawing';

interface Drawn {
  readonly display: Display;
  readonly python: OpenedSandbox;
}

type Open = (options?: object) => Promise<OpenedSandbox>;

async function opened(open: Open, options: object = {}): Promise<Drawn> {
  const display = createDisplay({
    measureText: (text, { pixels }) => ({ width: text.length * pixels, height: pixels }),
  });
  const { capabilities, kinds } = display;
  return { display, python: await open({ capabilities, kinds, ...options }) };
}

function drawingOf(display: Display): Drawing {
  const contents = display.items.map(({ content }) => content);
  const canvas = contents.findLast((content) => content.kind === 'canvas');
  if (canvas?.kind !== 'canvas') throw new Error('there is no canvas');
  return canvas.drawing;
}

/** Of the lines that can be seen, all their points. */
function linePoints(display: Display): number {
  let points = 0;
  for (const { item } of drawingOf(display).scene.placed) {
    if (item.kind === 'line' && item.fill !== 0) points += item.points.length / 2;
  }
  return points;
}

/** What the questions show as they come, each of which gets the next answer. */
async function answerAll(display: Display, answers: readonly (string | null)[]) {
  const asked: string[] = [];
  for (const answer of answers) {
    while (display.questions.length === 0) await pause(2);
    const [question] = display.questions;
    asked.push(`${question?.title} ${question?.initial} ${question?.note}`.trim());
    question?.answer(answer);
  }
  return asked;
}

const FAST = 'import turtle\nturtle.speed(0); turtle.delay(0)\n';

describe('turtle', () => {
  it('says so where the page offers no display', async ({ shared }) => {
    const outcome = await shared.run('import turtle\nturtle.forward(10)');
    expect(outcome).toMatchObject({
      status: 'error',
      error: {
        type: 'TclError',
        message: 'the page offers no display: there is nothing to draw on',
      },
    });
  });

  it('shows all that was drawn when a program ends, also without mainloop', async ({ open }) => {
    const { display, python } = await opened(open);
    await python.printed(`${FAST}for i in range(20):\n    turtle.fd(i); turtle.lt(91)`);
    expect(linePoints(display)).toBe(21);
    const { width, height, title } = drawingOf(display);
    expect([width, height, title]).toEqual([640, 600, 'Python Turtle Graphics']);
  });

  it('goes on where the run before has ended', async ({ open }) => {
    const { display, python } = await opened(open);
    await python.printed(`${FAST}turtle.fd(50)`);
    await python.printed('turtle.fd(50)');
    expect(await python.printed('print(turtle.pos())')).toBe('(100.00,0.00)\n');
    expect(display.items).toHaveLength(1);
  });

  it('appears anew, whole, where the page has cleared its canvas away', async ({ open }) => {
    const { display, python } = await opened(open);
    await python.printed(`${FAST}turtle.fd(50); turtle.lt(90); turtle.fd(50)`);
    display.clear();
    await python.printed('turtle.fd(50)');
    expect(linePoints(display)).toBe(4);
  });

  it('goes on drawing in a sandbox that was restored from an image', async ({ open, restore }) => {
    const { python } = await opened(open);
    await python.printed(`${FAST}turtle.fd(50)`);
    const elsewhere = createDisplay();
    const { capabilities, kinds } = elsewhere;
    const twin = await restore(await python.sandbox.snapshot(), { capabilities, kinds });
    await twin.printed('turtle.lt(90); turtle.fd(50)');
    expect(linePoints(elsewhere)).toBe(3);
  });

  it('has a mainloop that returns at once when nothing can happen any more', async ({ open }) => {
    const { python } = await opened(open, { limits: { wallMs: 20_000 } });
    expect(await python.printed(`${FAST}turtle.fd(5)\nturtle.done()\nprint('over')`)).toBe(
      'over\n',
    );
  });

  it('calls what waits for timers, keys and clicks', async ({ open }) => {
    const { display, python } = await opened(open);
    const running = python.run(`${FAST}
turtle.ontimer(lambda: print('timer'), 5)
turtle.onkey(lambda: print('up'), 'Up')
turtle.onkeypress(lambda: print('pressed'), 'space')
turtle.onscreenclick(lambda x, y: (print('click', x, y), turtle.bye()))
turtle.listen()
print('ready')
turtle.mainloop()
print('over')
`);
    await python.shows('timer');
    const { events, watched } = drawingOf(display);
    expect(watched).toEqual({ keys: true, pointer: true, moves: false });
    events.push(['keydown', 0, 0, 'ArrowUp']);
    events.push(['keyup', 0, 0, 'ArrowUp']);
    await python.shows('up\n');
    events.push(['keydown', 0, 0, ' ']);
    await python.shows('pressed');
    events.push(['press', 330, 280, '1']);
    expect((await running).status).toBe('ok');
    expect(python.stdout).toBe('ready\ntimer\nup\npressed\nclick 10.0 20.0\nover\n');
  });

  it('tells of an error in a handler, and goes on', async ({ open }) => {
    const { display, python } = await opened(open);
    const running = python.run(`${FAST}
turtle.onkey(lambda: 1 / 0, 'a')
turtle.onkey(turtle.bye, 'q')
turtle.listen()
print('ready')
turtle.mainloop()`);
    await python.shows('ready');
    while (!drawingOf(display).watched.keys) await pause(2);
    const { events } = drawingOf(display);
    events.push(['keyup', 0, 0, 'a']);
    events.push(['keyup', 0, 0, 'q']);
    expect((await running).status).toBe('ok');
    expect(python.stderr).toMatch(/Exception in Tkinter callback.*ZeroDivisionError/s);
  });

  it('waits for its user with the clocks standing still', async ({ open }) => {
    const { display, python } = await opened(open, { limits: { wallMs: 2000 } });
    const running = python.run(
      `${FAST}turtle.onkey(turtle.bye, 'q')\nturtle.listen()\nturtle.mainloop()`,
    );
    while (display.items.length === 0 || !drawingOf(display).watched.keys) await pause(2);
    await pause(2500);
    drawingOf(display).events.push(['keyup', 0, 0, 'q']);
    expect((await running).status).toBe('ok');
  });

  it.for([
    [
      'waiting for its user',
      "turtle.onkey(print, 'q')\nturtle.listen()\nprint('on')\nturtle.mainloop()",
    ],
    ['waiting for a timer', "turtle.ontimer(print, 60_000)\nprint('on')\nturtle.mainloop()"],
    ['drawing', "print('on')\nwhile True: turtle.fd(1); turtle.lt(1)"],
    ['asking', "print('on')\nturtle.textinput('a', 'b')"],
  ] as const)(
    'can be stopped while it is %s, and keeps its state',
    async ([_, source], { open }) => {
      const { display, python } = await opened(open);
      const running = python.run(`${FAST}kept = 7\n${source}`);
      await python.shows('on');
      await pause(50);
      python.sandbox.interrupt();
      expect((await running).status).toBe('interrupted');
      expect(await python.sandbox.evaluate('kept')).toBe(7);
      expect(display.questions).toEqual([]);
    },
  );

  it('asks for text and numbers until they fit', async ({ open }) => {
    const { display, python } = await opened(open);
    const running = python.run(`${FAST}
print(turtle.textinput('Name', 'Who?'))
print(turtle.numinput('Age', 'How old?', 7, minval=3, maxval=99))
print(turtle.textinput('Name', 'Who?'))`);
    const asked = await answerAll(display, ['Ada', 'x', '2', '36', null]);
    expect((await running).status).toBe('ok');
    expect(python.stdout).toBe('Ada\n36.0\nNone\n');
    expect(asked).toEqual([
      ...['Name', 'Age 7', 'Age x That is not a number.', 'Age 2 It has to be at least 3.', 'Name'],
    ]);
  });

  it('asks which of several buttons, by number or name', async ({ open }) => {
    const { display, python } = await opened(open);
    const running = python.run(`
from tkinter import Tk
from tkinter.simpledialog import SimpleDialog
def choose(**options):
    print(SimpleDialog(root, text='Save it?', buttons=['Yes', 'No'], title='Bye', **options).go())
root = Tk()
choose(default=1)
choose(cancel=1)
choose(cancel=0)
choose()`);
    const asked = await answerAll(display, ['2', 'perhaps', ' yes ', null, '0', null]);
    expect((await running).status).toBe('ok');
    expect(python.stdout).toBe('1\n0\n0\nNone\n');
    expect(asked).toEqual([
      ...['Bye No', 'Bye', 'Bye perhaps That is none of them.', 'Bye'],
      ...['Bye', 'Bye 0 That is none of them.'],
    ]);
  });

  it('undoes, stamps, writes and fills as it does elsewhere', async ({ open }) => {
    const { display, python } = await opened(open);
    const source = `${FAST}
turtle.fd(100); turtle.undo()
print(turtle.pos(), turtle.undobufferentries())
stamp = turtle.stamp(); turtle.clearstamp(stamp)
turtle.write('hi', move=True, font=('Arial', 12, 'bold'))
print(turtle.xcor() > 0)
turtle.color('red', '#00f'); turtle.begin_fill(); turtle.circle(30); turtle.end_fill()
turtle.bgcolor('light blue'); print(turtle.bgcolor())
turtle.colormode(255); turtle.pencolor(1, 2, 3); print(turtle.pencolor())
try: turtle.pencolor('no colour')
except turtle.TurtleGraphicsError as error: print(error)
try: turtle.onkey(print, 'nokey')
except Exception as error: print(type(error).__name__, error)
`;
    expect(await python.printed(source)).toBe(
      [
        ...[
          '(0.00,0.00) 1',
          'True',
          'light blue',
          '(1.0, 2.0, 3.0)',
          'bad color string: no colour',
        ],
        ...['TclError bad event type or keysym "nokey"', ''],
      ].join('\n'),
    );
    const { scene } = drawingOf(display);
    const items = [...scene.placed].map(({ item }) => item);
    expect(scene.ground).toBe(0xadd8e6ff);
    expect(items.find((item) => item.kind === 'words')).toMatchObject({
      text: 'hi',
      anchor: 6,
      font: { family: 'Arial', pixels: 16, isBold: true },
    });
    const filled = items.filter((item) => item.kind === 'polygon' && item.fill === 0x0000ffff);
    expect(filled.length).toBeGreaterThanOrEqual(2);
  });

  it('stands numbers that are out of all bounds', async ({ open }) => {
    const { display, python } = await opened(open);
    const source = `${FAST}turtle.tracer(0)
for number in (1e300, float('inf'), float('nan'), -1e9):
    turtle.goto(number, 0); turtle.pensize(abs(number))
turtle.write('x' * 10**6)
turtle.update()
`;
    await python.printed(source);
    expect(drawingOf(display).scene.count).toBeGreaterThan(0);
  });

  it('may draw so much and no more', async ({ open }) => {
    const display = createDisplay({ limits: { shapes: 200 } });
    const { capabilities, kinds } = display;
    const python = await open({ capabilities, kinds });
    const outcome = await python.run(`${FAST}while True: turtle.dot(5); turtle.fd(1)`);
    expect(outcome).toMatchObject({
      status: 'error',
      error: { type: 'ValueError', message: '200 shapes may be on a canvas' },
    });
  });
});

describe('tkinter', () => {
  it('has what turtle needs, and says so of the rest', async ({ open }) => {
    const { python } = await opened(open);
    const source = `
from tkinter import *
root = Tk()
canvas = Canvas(root, width=200, height=100, bg='white')
canvas.pack()
box = canvas.create_rectangle(10, 10, 60, 40, fill='red', tags='box')
canvas.create_oval(0, 0, 10, 10)
canvas.move('box', 5, 5)
print(canvas.coords(box), canvas.type(box), canvas.bbox(box), canvas.find_withtag('box'))
try: Button(root)
except TclError as error: print(error)
canvas.tag_bind(box, '<Button-1>', print)
try: canvas.bind('<Nonsense>', print)
except TclError as error: print(error)
root.destroy()
try: canvas.focus_force()
except TclError as error: print(error)
`;
    expect(await python.printed(source)).toBe(
      [
        '[15.0, 15.0, 65.0, 45.0] rectangle (15, 15, 65, 45) (1,)',
        'there is no Button here: this tkinter has only what turtle graphics needs',
        'bad event type or keysym "Nonsense"',
        'the window has been closed',
        '',
      ].join('\n'),
    );
  });
});

describe('a canvas', () => {
  it('shows what was drawn at its frames, and gives what the user did', async ({ open }) => {
    const { display, python } = await opened(open);
    const source = `
from glovebox.canvas import Canvas
canvas = Canvas(200, 100, 'Bars', background='navy')
for x in range(0, 30, 10):
    canvas.clear()
    canvas.rectangle(x, 0, 10, 50, fill='gold')
    canvas.line((0, 0), (x, 50), color=(255, 0, 0))
    canvas.text(5, 5, 'x')
    print(canvas.frame())
`;
    expect(await python.printed(source)).toBe('[]\n[]\n[]\n');
    const { scene, title } = drawingOf(display);
    expect([title, scene.count, scene.ground]).toEqual(['Bars', 3, 0x000080ff]);
    drawingOf(display).events.push(['press', 3, 4, '1']);
    expect(await python.printed('print(canvas.frame())')).toBe("[('press', 3, 4, '1')]\n");
  });

  it.for([
    ['Canvas(0, 5)', 'width and height are ints from 1 to 4000'],
    ["Canvas().circle(1, 1, 1, fill='nope')", "no colour: 'nope'"],
    [
      "Canvas().text(1, 1, 'a', anchor='middle')",
      'anchor is one of nw, n, ne, w, center, e, sw, s, se',
    ],
  ] as const)('says of %s what is wrong', async ([call, message], { open }) => {
    const { python } = await opened(open);
    const outcome = await python.run(`from glovebox.canvas import Canvas\n${call}`);
    expect(outcome).toMatchObject({ status: 'error', error: { type: 'ValueError', message } });
  });

  it('is painted as often as the page paints, however fast it is drawn', async ({ open }) => {
    const { python } = await opened(open);
    const took = await python.printed(`
import time
from glovebox.canvas import Canvas
canvas = Canvas()
started = time.monotonic()
for _ in range(20): canvas.frame()
print(time.monotonic() - started)`);
    // 16 ms a frame, where nothing paints; a timer may come a little early.
    expect(Number(took)).toBeGreaterThan(20 * 0.012);
  });
});
