import { describe, expect } from 'vitest';
import { guestIt as it, type OpenedSandbox } from '../testing/guest-test';
import type { Content } from './content';
import { createDisplay, type Display } from './display';

interface Shown {
  readonly display: Display;
  readonly python: OpenedSandbox;
}

type Open = (options?: object) => Promise<OpenedSandbox>;

async function opened(open: Open): Promise<Shown> {
  const display = createDisplay();
  const { capabilities, kinds } = display;
  return { display, python: await open({ capabilities, kinds }) };
}

async function contentsOf({ display, python }: Shown, source: string): Promise<Content[]> {
  display.clear();
  await python.printed(source);
  return display.items.map(({ content }) => content);
}

/** `kind: text` of each thing that the program shows. */
async function textsOf(shown: Shown, source: string): Promise<string[]> {
  const contents = await contentsOf(shown, source);
  return contents.map((one) => ('text' in one ? `${one.kind}: ${one.text}` : one.kind));
}

const PNG =
  'b"\\x89PNG\\r\\n\\x1a\\n" + b"\\0\\0\\0\\x0dIHDR" + b"\\0\\0\\0\\x02\\0\\0\\0\\x03" + bytes(9)';

describe('display', () => {
  it('is there only where the page offers one', async ({ shared }) => {
    const source = `
import builtins, glovebox
print(hasattr(builtins, 'display'), hasattr(glovebox, 'display'), 'display' in dir(builtins))
try:
    from glovebox import display
except ImportError as error:
    print('ImportError')
`;
    expect(await shared.printed(source)).toBe('False False False\nImportError\n');
  });

  it('is a builtin where the page offers one, and can be imported', async ({ open }) => {
    const shown = await opened(open);
    expect(
      await textsOf(shown, 'from glovebox import display as d\ndisplay(1, "a")\nd([2])'),
    ).toEqual(['text: 1', "text: 'a'", 'text: [2]']);
  });

  it('is gone again in a guest that goes on without one', async ({ open, restore }) => {
    const { python } = await opened(open);
    await python.run('display(1)');
    const elsewhere = await restore(await python.sandbox.snapshot());
    expect(await elsewhere.printed("import builtins\nprint(hasattr(builtins, 'display'))")).toBe(
      'False\n',
    );
  });

  it('takes the richest form that an object has', async ({ open }) => {
    const shown = await opened(open);
    const source = `
from glovebox import HTML, Latex, Markdown, SVG
class Both:
    def _repr_html_(self): return '<b>1</b>'
    def _repr_latex_(self): return '$1$'
class Bundle:
    def _repr_mimebundle_(self, include=None, exclude=None):
        return {'text/plain': 'p', 'image/svg+xml': '<svg/>'}, {}
class Nothing:
    def _repr_html_(self): return None
    def _repr_markdown_(self): return '*m*'
class Plain:
    _repr_html_ = None
    def __repr__(self): return 'plain'
display(Both(), Bundle(), Nothing(), Plain(), Both)
display(HTML('<i>'), Markdown('# m'), SVG('<svg/>'), Latex('x'))
`;
    expect(await textsOf(shown, source)).toEqual([
      ...['html: <b>1</b>', 'svg: <svg/>', 'markdown: *m*', 'text: plain'],
      "text: <class '__main__.Both'>",
      ...['html: <i>', 'markdown: # m', 'svg: <svg/>', 'latex: x'],
    ]);
  });

  it('shows what went wrong in an object, and goes on', async ({ open }) => {
    const shown = await opened(open);
    const source = `
class Broken:
    def _repr_html_(self): return 1 / 0
class Wrong:
    def _repr_png_(self): return '<svg/>'
class Lies:
    def _repr_jpeg_(self): return ${PNG}
class Silent:
    def __repr__(self): raise RuntimeError('no words')
class Odd:
    def _repr_html_(self): return 5
    def __getattr__(self, name): return lambda *a: 7
display(Broken(), Lies(), Silent(), Odd(), 'after')
`;
    expect(await textsOf(shown, source)).toEqual([
      'error: _repr_html_ of Broken: ZeroDivisionError: division by zero',
      'error: _repr_jpeg_ of Lies: ValueError: that is no JPEG',
      'error: __repr__ of Silent: RuntimeError: no words',
      expect.stringMatching(/^error: .* of Odd: (TypeError|AttributeError)/),
      "text: 'after'",
    ]);
  });

  it('shows pictures with their size', async ({ open }) => {
    const shown = await opened(open);
    const source = `
import glovebox
class Plot:
    def _repr_png_(self): return ${PNG}
display(glovebox.Image(${PNG}, alt='two by three'), Plot())
with open('/tmp/p.png', 'wb') as file: file.write(${PNG})
display(glovebox.Image('/tmp/p.png'))
try: glovebox.Image(b'GIF')
except ValueError as error: display(str(error))
`;
    const contents = await contentsOf(shown, source);
    expect(contents).toMatchObject([
      { kind: 'picture', format: 'png', width: 2, height: 3, alt: 'two by three' },
      { kind: 'picture', alt: 'Picture of a Plot' },
      { kind: 'picture' },
      { kind: 'text', text: "'neither a PNG, nor a JPEG, nor a GIF'" },
    ]);
  });

  it('says of what is too large how large it is', async ({ open }) => {
    const shown = await opened(open);
    const [html = '', text = ''] = await textsOf(
      shown,
      "from glovebox import HTML\ndisplay(HTML('x' * 5_000_000), 'y' * 300_000)",
    );
    expect(html).toBe('error: this html has 5,000,000 bytes, and at most 983,040 can be shown');
    expect(text.length).toBeLessThan(101_000);
    expect(text).toMatch(/… \(200,002 characters more\)$/);
  });

  it('replaces what has the id, by its handle too', async ({ open }) => {
    const shown = await opened(open);
    const source = `
first = display('one', id='x')
display('two')
first.update('three')
display('four', id='x')
other = display(5, id=True)
other.update(6)
for wrong in (lambda: display(1, 2, id='x'), lambda: display(1, id=''), lambda: display(1, id=7)):
    try: wrong()
    except ValueError as error: print(type(error).__name__)
`;
    expect(await textsOf(shown, source)).toEqual(["text: 'four'", "text: 'two'", 'text: 6']);
  });

  it('lets a limit through that is reached while an object is asked', async ({ open }) => {
    const display = createDisplay();
    const { capabilities, kinds } = display;
    const python = await open({ capabilities, kinds, limits: { fuel: 3_000_000 } });
    const outcome = await python.run(`
class Endless:
    def _repr_html_(self):
        while True: pass
display(Endless())
`);
    expect(outcome.status).toBe('cpu');
  });
});

describe('a table', () => {
  it.for([
    ['a list of dicts', "[{'a': 1, 'b': 'x'}, {'a': 2, 'c': None}]", 'a,b,c|1,x,|2,,'],
    ['a list of tuples', "[(1, 'x'), (2, 'y')]", '0,1|1,x|2,y'],
    ['named tuples', '[N(1, 2.5), N(3, 1/3)]', 'p,q|1,2.5|3,0.333333'],
    ['a dict of columns', "{'n': [1, 2], 's': ('x', 'y')}", 'n,s|1,x|2,y'],
    ['rows of sqlite', 'list(database.execute("select * from t"))', 'id,name|1,ada|2,bob'],
    ['a cursor of sqlite', 'database.execute("select name from t")', 'name|ada|bob'],
  ] as const)('is what %s is shown as', async ([_, expression, expected], { open }) => {
    const shown = await opened(open);
    const [content] = await contentsOf(
      shown,
      `
import sqlite3
from collections import namedtuple
N = namedtuple('N', 'p q')
database = sqlite3.connect(':memory:')
database.row_factory = sqlite3.Row
database.execute('create table t (id, name)')
database.executemany('insert into t values (?, ?)', [(1, 'ada'), (2, 'bob')])
display(${expression})`,
    );
    if (content?.kind !== 'table') throw new Error(`it is shown as ${content?.kind}`);
    expect([content.columns, ...content.rows].join('|')).toBe(expected);
  });

  it.for(['[]', '{}', '[1, 2]', "{'a': 1}", "{'a': [1], 'b': [1, 2]}", '[(1,), (2, 3)]', '[()]'])(
    'is not what %s is shown as',
    async (expression, { open }) => {
      const shown = await opened(open);
      expect(await textsOf(shown, `display(${expression})`)).toEqual([`text: ${expression}`]);
    },
  );

  it('shows the first rows and columns, and says how many there are', async ({ open }) => {
    const shown = await opened(open);
    const source = `
import sqlite3
from glovebox import Table
display([{f'c{n}': n for n in range(80)}] * 5000)
rows = sqlite3.connect(':memory:').execute(
    'with recursive n(x) as (select 1 union all select x + 1 from n where x < 9999) select x from n')
display(rows)
display(Table([[1, 2]], columns=['x', 'y'], caption='Points'))
try: Table(7)
except TypeError as error: print(error)
`;
    const [wide, long, named] = await contentsOf(shown, source);
    expect(wide).toMatchObject({ totalRows: 5000, totalColumns: 80 });
    expect(long).toMatchObject({ totalRows: -1, numeric: [true] });
    expect(named).toMatchObject({ columns: ['x', 'y'], caption: 'Points', rows: [['1', '2']] });
    if (wide?.kind !== 'table') throw new Error('no table');
    expect([wide.rows.length, wide.columns.length]).toEqual([200, 50]);
  });

  it('stands cells that fail, and cuts long ones', async ({ open }) => {
    const shown = await opened(open);
    const source = `
class Bad:
    def __str__(self): raise OSError
display([{'a': Bad(), 'b': 'x' * 10**6, 'c': 10**5000}])`;
    const [content] = await contentsOf(shown, source);
    if (content?.kind !== 'table') throw new Error('no table');
    const [bad, long, large] = content.rows[0] ?? [];
    expect([bad, long?.length, large]).toEqual(['<OSError>', 300, 'an int of 16,610 bits']);
  });
});

describe('a chart', () => {
  it('is a picture with a description', async ({ open }) => {
    const shown = await opened(open);
    const source = `
from glovebox import charts
display(charts.line({'a': [1, 2], 'b': [3, 4]}, title='T <&>'), charts.bar({'x': 1, 'y': -2}))
display(charts.scatter([1, 2], [3, 4]), charts.histogram(range(100)), charts.pie({'p': 1, 'q': 3}))
`;
    const contents = await contentsOf(shown, source);
    expect(contents.map((one) => ('alt' in one ? one.alt : ''))).toEqual([
      'Line chart “T <&>” of a, b: 2 values from 1 to 4',
      'Bar chart: 2 values from -2 to 1',
      'Scatter chart: 2 values from 3 to 4',
      'Histogram: 100 values from 0 to 99',
      'Pie chart: p 25%, q 75%',
    ]);
    for (const one of contents) {
      if (!('text' in one)) throw new Error('no SVG');
      expect(one.text).toMatch(/^<svg /);
      expect(one.text).not.toMatch(/nan|inf|T <&>/i);
    }
  });

  it('is well-formed and finite for any numbers that it takes', async ({ open }) => {
    const { python } = await opened(open);
    const source = `
import random, xml.dom.minidom
from glovebox import charts
random.seed(5)
pools = [[0], [5, 5], [1e300, -1e300], [1e-300, 2e-300], [5e-324, 0], [1e15, 1e15 + 1], [-3, -1], [0.1, 0.7]]
pools += [[random.uniform(-1, 1) * 10 ** random.randint(-20, 20) for _ in range(9)] for _ in range(40)]
for numbers in pools:
    for chart in (charts.line(numbers), charts.bar(numbers), charts.scatter(numbers, numbers), charts.histogram(numbers)):
        xml.dom.minidom.parseString(chart.svg)
        assert 'nan' not in chart.svg and 'inf' not in chart.svg, numbers
        assert len(chart.svg) < 100_000
print('all')
`;
    expect(await python.printed(source)).toBe('all\n');
  });

  it.for([
    ['charts.line([])', 'ValueError: y is empty'],
    ["charts.line([1, float('nan')])", 'ValueError: y[1] can not be drawn: nan'],
    ["charts.line({'a': [1], 'b': ['x']})", "TypeError: y['b'][0] is no number: 'x'"],
    ['charts.line([1, 2], x=[1])', 'ValueError: 1 numbers in x for 2 in y'],
    [
      'charts.line([1] * 20_000)',
      'ValueError: 20,000 points are too many: at most 10,000 can be drawn',
    ],
    ['charts.line(iter(int, 1))', 'ValueError: y has more than 100,000 numbers'],
    ['charts.bar([1, 2], ["a"])', 'ValueError: 1 labels for 2 values'],
    ['charts.histogram([1], bins=0)', 'ValueError: bins is an int from 1 to 200'],
    [
      'charts.pie([1, -1])',
      'ValueError: a pie is made of numbers of 0 or more, and not of nothing but 0',
    ],
    ['charts.pie(range(30))', 'ValueError: 30 slices are too many: at most 12 can be told apart'],
  ] as const)('says of %s what is wrong', async ([call, expected], { open }) => {
    const { python } = await opened(open);
    const source = `
from glovebox import charts
try: ${call}
except Exception as error: print(f'{type(error).__name__}: {error}')`;
    expect(await python.printed(source)).toBe(`${expected}\n`);
  });
});
