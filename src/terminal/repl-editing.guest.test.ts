import { describe, expect } from 'vitest';
import { FakeScreen } from '../testing/fake-screen';
import { replIt as it, key } from '../testing/repl-test';
import { MemoryVolume } from '../volume/memory-volume';
import { VolumeFiles } from '../volume/volume-files';

describe('at the prompt', () => {
  it('a statement is run, and an expression shown', async ({ repl }) => {
    const opened = await repl();
    await opened.shows('>>>');
    expect(await opened.answerTo('6 * 7')).toBe(' 6 * 7\n42');
    expect(await opened.answerTo('_ + 1')).toBe(' _ + 1\n43');
    expect(opened.statements).toEqual([
      ['6 * 7', 'ok'],
      ['_ + 1', 'ok'],
    ]);
  });

  it('what Python says at its start comes first', async ({ open, repl }) => {
    const opened = await repl();
    const { version } = await (async () => {
      const { sandbox } = await open();
      return { version: await sandbox.evaluate('__import__("sys").version') };
    })();
    const turn = await opened.sandbox.prompt.type(() => ({
      keys: '',
      banner: true,
      columns: 80,
      rows: 24,
    }));
    expect(turn.answer?.kind).toBe('editing');
    expect(opened.screen.text.replaceAll('\n', '')).toContain(
      `Python ${String(version)}`.slice(0, 60),
    );
    expect(opened.screen.text).toContain('Type "help", "copyright", "credits" or "license"');
  });

  it('a block is edited over several lines, with the indentation that it needs', async ({
    repl,
  }) => {
    const opened = await repl();
    opened.type('def double(n):\r', 'return 2 * n\r');
    await opened.endsWith('>>> def double(n):', '...     return 2 * n', '...');
    opened.type('\r');
    expect(await opened.answerTo('double(4)')).toContain('\n8');
  });

  it('a block comes back as a whole, and can be changed', async ({ repl }) => {
    const opened = await repl();
    await opened.answerTo('for n in range(2):', 'print("n is", n)', '');
    opened.type(key.up);
    await opened.endsWith('>>> for n in range(2):', '...     print("n is", n)');
    opened.type(key.left, ' + 10');
    await opened.endsWith('...     print("n is", n + 10)');
    opened.type(key.up, key.end, ' # twice', key.down, key.end, '\r', '\r');
    await opened.shows('n is 11');
  });

  it('an error is shown with the line that was typed, and the prompt goes on', async ({ repl }) => {
    const opened = await repl();
    const shown = await opened.answerTo('def f(): return 1 / 0', '');
    expect(shown).not.toContain('Error');
    const error = await opened.answerTo('f()');
    expect(error).toContain('File "<python-input-1>", line 1, in <module>\n    f()');
    expect(error).toContain('File "<python-input-0>", line 1, in f\n    def f(): return 1 / 0');
    expect(error).toContain('ZeroDivisionError: division by zero');
    expect(error).not.toContain('glovebox');
    expect(await opened.answerTo('1 +')).toContain('SyntaxError: invalid syntax');
    expect(opened.statements.map(([, status]) => status)).toEqual(['ok', 'error', 'error']);
    expect(await opened.answerTo('import sys; sys.last_exc.msg')).toContain("'invalid syntax'");
  });

  it('prompts and tracebacks have colours', async ({ repl }) => {
    const opened = await repl({ env: { NO_COLOR: '' } });
    await opened.answerTo('1 / 0');
    expect(opened.screen.raw).toContain('\u001b[1;35m>>> \u001b[0m');
    expect(opened.screen.raw).toContain('\u001b[1;35mZeroDivisionError\u001b[0m');
  });

  it('Ctrl-C gives up what is typed', async ({ repl }) => {
    const opened = await repl();
    opened.type('spam', key.ctrl('c'));
    await opened.endsWith('>>> spam', 'KeyboardInterrupt', '>>>');
    expect(await opened.answerTo('1')).toBe(' 1\n1');
  });

  it('Ctrl-D on an empty line ends it, and in a line erases', async ({ repl }) => {
    const opened = await repl();
    opened.type('ab', key.left, key.ctrl('d'));
    await opened.endsWith('>>> a');
    opened.type(key.backspace, key.ctrl('d'));
    expect(await opened.end).toEqual({ reason: 'exit', exitCode: 0 });
  });

  it.for([
    ['exit', 0],
    ['quit', 0],
    ['exit(3)', 3],
    ['raise SystemExit(4)', 4],
  ] as const)('%s ends it with status %d', async ([statement, exitCode], { repl }) => {
    const opened = await repl();
    opened.type(`${statement}\r`);
    expect(await opened.end).toEqual({ reason: 'exit', exitCode });
  });

  it('clear clears the screen', async ({ repl }) => {
    const opened = await repl();
    await opened.answerTo('"spam" * 2');
    opened.type('clear\r');
    await opened.until(() => !opened.screen.text.includes('spam'), 'an empty screen');
    expect(await opened.answerTo('1')).toContain('1\n1');
  });

  it('several statements that are pasted run one after the other', async ({ repl }) => {
    const opened = await repl();
    opened.type(key.pasted('a = 1\nb = 2\na + b\n'));
    await opened.shows('... a + b');
    expect(opened.statements).toEqual([]);
    opened.type('\r');
    await opened.endsWith('3', '>>>');
  });

  it('indented code is pasted as it is', async ({ repl }) => {
    const opened = await repl();
    const code = 'def f(n):\n    if n:\n\n        return "yes"\n    return "no"\n';
    opened.type(key.pasted(code));
    await opened.shows('    return "no"');
    opened.type('\r');
    await opened.endsWith('>>>');
    expect(await opened.answerTo('f(1) + f(0)')).toContain("'yesno'");
  });

  it('lines that arrive without the mark of a paste run one by one', async ({ repl }) => {
    const opened = await repl();
    opened.type('x = 5\rprint(x + 1)\rx * 2\r');
    await opened.endsWith('>>> x = 5', '>>> print(x + 1)', '6', '>>> x * 2', '10', '>>>');
  });

  it('what is pasted is text: nothing in it is a key', async ({ repl }) => {
    const opened = await repl();
    opened.type(key.pasted('a\u0003b\u0004c\u001b[Ad\0e\tf'));
    await opened.endsWith('>>> abc[Ade f');
  });

  it('wide characters and long lines are where they belong', async ({ repl }) => {
    const opened = await repl({ screen: new FakeScreen(40, 10) });
    opened.type(`x = "${'ab'.repeat(40)}"`);
    await opened.shows('abab"');
    opened.type(key.home, key.right, key.right, key.right, key.right, key.right, '1');
    await opened.shows('>>> x = "1ab');
    opened.type('\r');
    expect(await opened.answerTo('len(x)')).toContain('81');
    expect(await opened.answerTo('"日本" + "é"')).toContain("'日本é'");
  });

  it('a block that is higher than the screen can be walked through', async ({ repl }) => {
    const opened = await repl({ screen: new FakeScreen(60, 8) });
    const lines = Array.from({ length: 20 }, (_, n) => `    s += ${n}`);
    opened.type(key.pasted(['if True:', '    s = 0', ...lines].join('\n')));
    await opened.endsWith('...     s += 19');
    opened.type(...Array.from({ length: 21 }, () => key.up), key.end, '  # top');
    await opened.shows('>>> if True:  # top');
    opened.type(...Array.from({ length: 21 }, () => key.down), key.end, '\r', '\r');
    expect(await opened.answerTo('s')).toContain('190');
  });
});

describe('the history', () => {
  it('is searched with Ctrl-R', async ({ repl }) => {
    const opened = await repl();
    await opened.answerTo('first = 1');
    await opened.answerTo('second = 2');
    opened.type(key.ctrl('r'), 'fir');
    await opened.endsWith("(r-search `fir') first = 1");
    opened.type('\r');
    await opened.endsWith('>>> first = 1');
  });

  it('lasts in a file, with its blocks, from one interpreter to the next', async ({ repl }) => {
    const home = MemoryVolume.from({});
    const first = await repl({ mounts: { '/home': home } });
    await first.answerTo('for n in range(1):', 'pass', '');
    await first.answerTo('"ä"');
    first.session.dispose();
    const content = await new VolumeFiles(home).read('.python_history');
    expect(new TextDecoder().decode(content)).toBe('for n in range(1):\r\n    pass\r\n    \n"ä"\n');
    const second = await repl({ mounts: { '/home': home } });
    second.type(key.up);
    await second.endsWith('>>> "ä"');
    second.type(key.up);
    await second.endsWith('>>> for n in range(1):', '...     pass');
  });

  it('has a statement that ended the interpreter', async ({ repl }) => {
    const opened = await repl();
    opened.type('import os; os.abort()\r');
    await opened.shows('started anew');
    await opened.endsWith('>>>');
    opened.type(key.up);
    await opened.endsWith('>>> import os; os.abort()');
  });

  it('is shown by F2', async ({ repl }) => {
    const opened = await repl();
    await opened.answerTo('spam = 1');
    opened.type('half', key.f2);
    await opened.endsWith('>>> half', 'spam = 1', '>>> half');
  });
});

describe('Tab', () => {
  it.for([
    ['completes a name', 'some_name = 1', 'some_n', 'some_name'],
    ['completes an attribute', 'import math', 'math.fact', 'math.factorial('],
    ['completes a module', '', 'import dataclas', 'import dataclasses'],
    ['completes a module in a package', '', 'from concurrent.fut', 'from concurrent.futures'],
    ['completes what a module has', '', 'from textwrap import dede', 'from textwrap import dedent'],
    [
      'completes what a module has that is not loaded',
      '',
      'from colorsys import rgb_to_y',
      'from colorsys import rgb_to_yiq',
    ],
    ['completes a key', 'd = {"apple": 1}', "d['ap", "d['apple']"],
    ['completes a key with spaces in it', 'd = {"a b c": 1}', 'd["a b', 'd["a b c"]'],
    ['indents', '', 'if 1:\r', '...         '],
  ] as const)('%s', async ([, before, typed, completed], { repl }) => {
    const opened = await repl();
    if (before !== '') await opened.answerTo(before);
    opened.type(typed);
    opened.type('\t', '#');
    await opened.endsWith(`${completed}#`);
  });

  it('twice lists what there is', async ({ repl }) => {
    const opened = await repl();
    await opened.answerTo('d = {"left": 1, "right": 2}');
    opened.type("d['", '\t', '\t');
    await opened.shows('left   right');
    opened.type('r', '\t');
    await opened.shows("d['right']");
  });

  it('that never comes to an end is interrupted by Ctrl-C', async ({ repl }) => {
    const opened = await repl();
    await opened.answerTo('class Slow:', '    def __dir__(self):', '        while True: pass', '');
    await opened.answerTo('slow = Slow()');
    opened.type('slow.\t');
    opened.type(key.ctrl('c'));
    await opened.shows('KeyboardInterrupt');
    expect(await opened.answerTo('1')).toContain('1\n1');
  });
});

describe('a prompt with a half-typed block', () => {
  it('is in an image, and goes on from there', async ({ repl, resumed }) => {
    const opened = await repl();
    await opened.answerTo('factor = 3');
    opened.type('for n in range(2):\r', 'print(n * factor');
    await opened.endsWith('print(n * factor');
    const image = await opened.sandbox.snapshot({ wait: true });
    opened.type(')\r\r');
    await opened.shows('\n3\n');
    const later = await resumed(image);
    await later.endsWith('>>> for n in range(2):', '...     print(n * factor');
    later.type(' + 1)\r\r');
    await later.endsWith('1', '4', '>>>');
  });

  it('makes way for what is printed meanwhile', async ({ repl }) => {
    const opened = await repl();
    opened.type(
      key.pasted(
        'import asyncio, glovebox\nasync def tick():\n    await asyncio.sleep(.3)\n    print("tick")\n',
      ),
      '\r',
    );
    await opened.endsWith('>>>');
    await opened.answerTo('task = glovebox.spawn(tick())');
    opened.type('spam');
    await opened.endsWith('tick', '>>> spam');
    expect(opened.screen.text).not.toContain('spamtick');
  });

  it('makes way for another program at the terminal', async ({ repl }) => {
    const opened = await repl();
    opened.type('half');
    await opened.endsWith('>>> half');
    const outcome = opened.session.suspended(() =>
      opened.sandbox.run('print("hello", input("name? "))'),
    );
    await opened.shows('name?');
    expect(opened.screen.text).not.toContain('half');
    opened.type('ada\r');
    expect((await outcome).status).toBe('ok');
    await opened.endsWith('hello ada', '>>> half');
  });

  it('is drawn again where the terminal has another size', async ({ repl }) => {
    const opened = await repl();
    opened.type('x = 1');
    await opened.endsWith('>>> x = 1');
    opened.screen.columns = 40;
    opened.terminal.resize();
    opened.type('1');
    await opened.endsWith('>>> x = 11');
    opened.type('\r');
    expect(await opened.answerTo('import os; os.get_terminal_size()[:]')).toContain('(40, 24)');
  });

  it('lets the page run and evaluate in between', async ({ repl }) => {
    const opened = await repl();
    opened.type('a');
    const seen = [];
    for (let n = 0; n < 20; n++) {
      opened.type('b');
      seen.push(await opened.sandbox.evaluate(`${n}`));
    }
    await opened.endsWith(`>>> a${'b'.repeat(20)}`);
    expect(seen).toHaveLength(20);
  });
});
