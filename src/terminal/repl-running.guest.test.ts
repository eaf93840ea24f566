import { describe, expect } from 'vitest';
import { replIt as it, key } from '../testing/repl-test';

describe('a statement that runs', () => {
  it('is stopped by Ctrl-C, and keeps its state', async ({ repl }) => {
    const opened = await repl();
    opened.type(key.pasted('n = 0\nprint("go" + "es")\nwhile True: n += 1\n'), '\r');
    await opened.shows('goes');
    opened.type(key.ctrl('c'));
    await opened.shows('KeyboardInterrupt');
    expect(await opened.answerTo('n > 0')).toContain('True');
    expect(opened.statements[0]?.[1]).toBe('interrupted');
  });

  it('leaves what is typed ahead to the prompt', async ({ repl }) => {
    const opened = await repl();
    opened.type('import time; time.sleep(.2)\r', '6 * 7\r');
    await opened.endsWith('>>> 6 * 7', '42', '>>>');
  });

  it('that reaches a limit is told of, and its state is kept', async ({ repl }) => {
    const opened = await repl({ limits: { cpuMs: 500 } });
    await opened.answerTo('kept = 1');
    opened.type('while True: pass\r\r');
    await opened.shows('[Stopped: computing time is up. ');
    expect(await opened.answerTo('kept')).toContain('kept\n1');
  });

  it('that ends the interpreter leaves a new one, and the files', async ({ repl }) => {
    const opened = await repl();
    await opened.answerTo('lost = 1; open("kept", "w").close()');
    opened.type('import os; os.abort()\r');
    await opened.shows('[The interpreter broke down. unreachable. ');
    expect(
      await opened.answerTo('"lost" in dir(), __import__("os").path.exists("kept")'),
    ).toContain('(False, True)');
  });

  it('of a sandbox that may do nothing more ends the prompt', async ({ repl }) => {
    const opened = await repl({ limits: { lifetime: { cpuMs: 700 } } });
    opened.type('while True: pass\r\r');
    expect((await opened.end).reason).toBe('spent');
    await opened.shows('[Stopped: computing time is up. The program has computed for 700 ms: ');
  });

  it('begins anew when the page restarts the interpreter', async ({ repl }) => {
    const opened = await repl();
    opened.type(key.pasted('x = 1\nprint("go" + "es")\nwhile True: pass\n'), '\r');
    await opened.shows('goes');
    opened.type('typed ahead');
    await opened.session.restart();
    expect(await opened.answerTo('"x" in dir()')).toContain('False');
  });

  it('goes back to an image', async ({ repl }) => {
    const opened = await repl();
    await opened.answerTo('x = 1');
    opened.type('half');
    await opened.endsWith('>>> half');
    const image = await opened.sandbox.snapshot({ wait: true });
    opened.type(key.ctrl('c'));
    await opened.answerTo('x = 2');
    await opened.session.restart({ from: image });
    await opened.endsWith('>>> half');
    opened.type(key.ctrl('u'));
    await opened.endsWith('\n>>>');
    expect(await opened.answerTo('x')).toContain('x\n1');
  });

  it('prints nothing that the terminal obeys but colours and movements', async ({ repl }) => {
    const opened = await repl();
    await opened.answerTo('print("\\x1b]0;title\\x07\\x1b[6n\\x1b[31mred\\x1b[0m\\x1b]52;c;YQ==")');
    expect(opened.screen.raw).not.toContain('\u001b]');
    expect(opened.screen.raw).not.toContain('\u001b[6n');
    await opened.shows('\\x1b]0;title\\x07\\x1b[6nred\\x1b]52;c;YQ==');
  });

  it('that leaves the terminal in a state of its own does not keep the prompt from being read', async ({
    repl,
  }) => {
    const opened = await repl();
    opened.type('print("\\x1b[8m\\x1b[?25l\\x1b]0;", end="")\r');
    await opened.endsWith('\\x1b]0;>>>');
    expect(opened.screen.raw.slice(opened.screen.raw.indexOf('\u001b[?25l'))).toMatch(
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what a prompt begins with
      /\u001b\[0m\u001b\[\?25h.*>>> /s,
    );
  });
});

describe('a program that reads', () => {
  it('by input() has the editor and the history', async ({ repl }) => {
    const opened = await repl();
    opened.type('name = input("name? ")\r');
    await opened.endsWith('name?');
    await opened.until(() => opened.session.state === 'reading', 'reading');
    opened.type('adax', key.backspace, key.home, 'Lady ', key.end, '!\r');
    await opened.endsWith('name? Lady ada!', '>>>');
    expect(await opened.answerTo('name')).toContain("'Lady ada!'");
  });

  it('by input() gets EOFError from Ctrl-D and KeyboardInterrupt from Ctrl-C', async ({ repl }) => {
    const opened = await repl();
    opened.type('input()\r');
    await opened.until(() => opened.session.state === 'reading', 'reading');
    opened.type(key.ctrl('d'));
    await opened.shows('EOFError');
    opened.type('input()\r');
    await opened.until(() => opened.session.state === 'reading', 'reading');
    opened.type('abc', key.ctrl('c'));
    await opened.shows('KeyboardInterrupt');
    expect(await opened.answerTo('1')).toContain('1\n1');
  });

  it('by input() has its own stdin, where it put one in its place', async ({ repl }) => {
    const opened = await repl();
    const source =
      'import io, sys; sys.stdin = io.StringIO("own"); print([input()]); sys.stdin = sys.__stdin__';
    expect(await opened.answerTo(source)).toContain("['own']");
  });

  it('by readline gets a line that can be mended', async ({ repl }) => {
    const opened = await repl();
    opened.type('import sys; line = sys.stdin.readline()\r');
    await opened.until(() => opened.session.state === 'reading', 'reading');
    opened.type('one two', key.ctrl('w'), 'threx', key.backspace, 'e\r');
    await opened.endsWith('one three', '>>>');
    expect(await opened.answerTo('line')).toContain("'one three\\n'");
  });

  it('reads to the end of the input, which is Ctrl-D', async ({ repl }) => {
    const opened = await repl();
    opened.type('import sys; text = sys.stdin.read()\r');
    await opened.until(() => opened.session.state === 'reading', 'reading');
    opened.type('a\rb\r', key.ctrl('d'));
    await opened.endsWith('>>>');
    expect(await opened.answerTo('text')).toContain("'a\\nb\\n'");
  });

  it('by getpass gets what nobody sees', async ({ repl }) => {
    const opened = await repl();
    opened.type('import getpass; secret = getpass.getpass()\r');
    await opened.endsWith('Password:');
    await opened.until(() => opened.session.state === 'reading', 'reading');
    opened.type('hush\r');
    await opened.endsWith('>>>');
    expect(opened.screen.text).not.toContain('hush');
    expect(await opened.answerTo('len(secret)')).toContain('4');
    opened.type('print(input())\r', 'seen\r');
    await opened.endsWith('seen', 'seen', '>>>');
  });

  it('key by key gets each at once', async ({ repl }) => {
    const opened = await repl();
    opened.type(
      'import os, termios, tty; old = tty.setcbreak(0); k = os.read(0, 9); termios.tcsetattr(0, termios.TCSANOW, old)\r',
    );
    await opened.until(() => opened.session.state === 'reading', 'reading');
    opened.type('q');
    await opened.endsWith('>>>');
    expect(await opened.answerTo('k')).toContain("b'q'");
  });

  it('steps through a function with pdb', async ({ repl }) => {
    const opened = await repl();
    await opened.answerTo('def f(n):', 'm = n + 1', 'return m * 2', '');
    opened.type('import pdb; pdb.runcall(f, 3)\r');
    await opened.endsWith('(Pdb)');
    opened.type('n\r');
    await opened.endsWith('return m * 2', '(Pdb)');
    opened.type('p m\r');
    await opened.endsWith('4', '(Pdb)');
    opened.type('c\r');
    await opened.endsWith('8', '>>>');
  });

  it('has a prompt of its own with code.interact', async ({ repl }) => {
    const opened = await repl();
    opened.type('import code; code.interact(banner="inner", local={"x": 5}, local_exit=True)\r');
    await opened.endsWith('inner', '>>>');
    await opened.until(() => opened.session.state === 'reading', 'reading');
    opened.type('x * 2\r');
    await opened.endsWith('10', '>>>');
    opened.type(key.ctrl('d'));
    await opened.shows('now exiting InteractiveConsole');
  });

  it('pages through help', async ({ repl }) => {
    const opened = await repl();
    opened.type('help(str)\r');
    await opened.endsWith('-- more --');
    opened.type(' ');
    await opened.shows('__contains__');
    await opened.endsWith('-- more --');
    opened.type('q');
    await opened.endsWith('>>>');
  });

  it('helps at F1, and gives the statement back', async ({ repl }) => {
    const opened = await repl();
    opened.type('half', key.f1);
    await opened.endsWith('help>');
    opened.type('q\r');
    await opened.endsWith('>>> half');
  });

  it('sees the size that the terminal has', async ({ repl }) => {
    const opened = await repl();
    expect(await opened.answerTo('import shutil; shutil.get_terminal_size()[:]')).toContain(
      '(80, 24)',
    );
    expect(await opened.answerTo('import termios; termios.tcgetwinsize(0)')).toContain('(24, 80)');
  });
});

describe('without a terminal', () => {
  it('there is none to ask', async ({ shared }) => {
    const source = `
import os, termios
for attempt in (lambda: os.get_terminal_size(), lambda: termios.tcgetattr(0), lambda: termios.tcgetattr(99)):
    try: attempt()
    except (OSError, termios.error) as error: print(type(error).__name__, os.strerror(error.args[0]))
`;
    expect(await shared.printed(source)).toBe(
      'OSError Not a tty\nerror Not a tty\nerror Bad file descriptor\n',
    );
  });
});
