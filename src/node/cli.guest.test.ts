import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { glovebox, gloveboxAtTerminal } from '../testing/command-line';
import { FakeScreen } from '../testing/fake-screen';
import { assemble } from '../testing/wat';

const ESCAPE = '\u001b';

let folder: string;
/** A path in the tests' folder. */
const at = (...parts: string[]): string => path.join(folder, ...parts);

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'glovebox-cli-'));
  mkdirSync(at('data', 'sub'), { recursive: true });
  writeFileSync(at('data', 'in.txt'), 'from the machine');
  writeFileSync(
    at('data', 'script.py'),
    'import sys, helper\nprint(sys.argv[1:], __name__, helper.answer)\n',
  );
  writeFileSync(at('data', 'helper.py'), 'answer = 42\n');
  writeFileSync(at('alone.py'), 'import sys\nprint(sys.argv)\nsys.exit(len(sys.argv))\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a program', () => {
  it('given with -c runs', async () => {
    const command = 'import sqlite3, zlib, lzma, json, decimal, asyncio; print(6*7)';
    expect(await glovebox(['-c', command])).toEqual({ code: 0, stdout: '42\n', stderr: '' });
  });

  it('in a script gets its arguments, and its exit status is the own one', async () => {
    const { code, stdout } = await glovebox([at('alone.py'), '--tmp', '-x']);
    expect(stdout).toBe("['/home/alone.py', '--tmp', '-x']\n");
    expect(code).toBe(3);
  });

  it('under a mount runs from there, with the modules beside it', async () => {
    const mount = `${at('data')}:/data`;
    const { stdout } = await glovebox(['--mount', mount, '/data/script.py', 'a', 'b']);
    expect(stdout).toBe("['a', 'b'] __main__ 42\n");
  });

  it('given with -m is a module of the library', async () => {
    const { stdout } = await glovebox(['-m', 'json.tool', '--compact'], { input: '{"a": 1}' });
    expect(stdout).toBe('{"a":1}\n');
  });

  it.for([[['-', 'x']], [[]]])('comes from standard input with %j', async ([words]) => {
    const { stdout, code } = await glovebox(words ?? [], { input: 'print(6 * 7)\n' });
    expect([code, stdout]).toEqual([0, '42\n']);
  });

  it('that is empty is no failure', async () => {
    expect(await glovebox([])).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('reads lines until the end of standard input', async () => {
    const command = 'print([input(), input()])\ninput()';
    const { code, stdout, stderr } = await glovebox(['-c', command], { input: 'a\nb\n' });
    expect(stdout).toBe("['a', 'b']\n");
    expect([code, stderr.trim().split('\n').at(-1)]).toEqual([
      1,
      'EOFError: EOF when reading a line',
    ]);
  });

  it('prints bytes as they are', async () => {
    const command = 'import sys; sys.stdout.buffer.write(b"\\x1b]0;title\\x07")';
    expect((await glovebox(['-c', command])).stdout).toBe('\u001b]0;title\u0007');
  });

  it('ends as a program of Python does', async () => {
    const command = 'import atexit; atexit.register(print, "bye")';
    expect((await glovebox(['-c', command])).stdout).toBe('bye\n');
  });

  it('that fails shows file, line and source text', async () => {
    writeFileSync(at('fails.py'), 'def divide(n):\n    return 1 / n\n\ndivide(0)\n');
    const { code, stderr } = await glovebox([at('fails.py')]);
    expect(code).toBe(1);
    expect(stderr).toContain('File "/home/fails.py", line 2, in divide\n    return 1 / n');
    expect(stderr).toContain('ZeroDivisionError: division by zero');
  });

  it('does not mind that its reader goes', async () => {
    const command = 'while True: print("x" * 1000)';
    const { code, stderr } = await glovebox(['-c', command], {
      onFirstOutput: (child) => child.stdout?.destroy(),
    });
    expect([code, stderr]).toEqual([0, '']);
  });
});

describe('the exit status', () => {
  it.for([
    ['raise SystemExit(3)', 3],
    ['import sys; sys.exit("text")', 1],
    ['import sys; sys.exit(256 + 7)', 7],
    ['import os; os._exit(9)', 9],
    ['1 +', 1],
    ['import os; os.abort()', 134],
    ['raise KeyboardInterrupt', 130],
  ] as const)('of %s is %d', async ([command, code]) => {
    expect((await glovebox(['-c', command])).code).toBe(code);
  });

  it.for([
    ['--timeout', 'the time limit ended the program'],
    ['--cpu', 'the CPU limit ended the program'],
  ] as const)('is 124 at the end of %s', async ([option, line]) => {
    const { code, stderr } = await glovebox([option, '0.5', '-c', 'while True: pass']);
    expect(code).toBe(124);
    expect(stderr).toContain('TimeLimitExceeded');
    expect(stderr.endsWith(`\nglovebox: ${line}\n`)).toBe(true);
  });

  it('is 137 when memory was not enough', async () => {
    const words = ['--heapsize', '64m', '-c', 'bytearray(10**8)'];
    const { code, stderr } = await glovebox(words);
    expect(code).toBe(137);
    expect(stderr).toContain('MemoryError');
  });

  it('is 130 after Ctrl-C, and the program sees KeyboardInterrupt', async () => {
    const { code, stdout, stderr } = await glovebox(
      ['-c', 'print("go", flush=True)\nwhile True: pass'],
      {
        onFirstOutput: (child) => child.kill('SIGINT'),
      },
    );
    expect([code, stdout]).toEqual([130, 'go\n']);
    expect(stderr).toContain('KeyboardInterrupt');
  });

  it('is 130 after a second Ctrl-C that the program can not ignore', async () => {
    const stubborn = `while True:
    try:
        print("go", flush=True)
        while True: pass
    except KeyboardInterrupt: pass`;
    const { code } = await glovebox(['-c', stubborn], {
      onFirstOutput: (child) => {
        child.kill('SIGINT');
        setTimeout(() => child.kill('SIGINT'), 300);
      },
    });
    expect(code).toBe(130);
  });
});

describe('what the program sees', () => {
  it('is the virtual tree', async () => {
    const { stdout } = await glovebox(['-c', 'import os; print(sorted(os.listdir("/")))']);
    expect(stdout).toBe("['home', 'tmp', 'usr']\n");
  });

  it('of the machine is a host call that is refused', async () => {
    const { code, stderr } = await glovebox(['--verbose', '-c', 'open("/etc/passwd")']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^path_open\(3, .*"etc\/passwd".*\) = ENOENT$/m);
    expect(stderr).toContain(
      "FileNotFoundError: [Errno 44] No such file or directory: '/etc/passwd'",
    );
  });

  it('with --tmp is a folder, read-only', async () => {
    const read = await glovebox(['--tmp', at('data'), '-c', 'print(open("/tmp/in.txt").read())']);
    expect(read.stdout).toBe('from the machine\n');
    const written = await glovebox(['--tmp', at('data'), '-c', 'open("/tmp/out.txt", "w")']);
    expect(written.code).toBe(1);
    expect(written.stderr).toContain('Read-only file system');
  });

  it('with --mount can be written only where it says so', async () => {
    const write = ['-c', 'with open("/data/sub/out.txt", "w") as file: file.write("out")'];
    const refused = await glovebox(['--mount', `${at('data')}:/data`, ...write]);
    expect(refused.stderr).toContain('Read-only file system');
    expect((await glovebox(['--mount', `${at('data')}:/data:rw`, ...write])).code).toBe(0);
    expect(readFileSync(at('data', 'sub', 'out.txt'), 'utf8')).toBe('out');
  });

  it('of the environment is nothing of the process', async () => {
    const { stdout } = await glovebox(['-c', 'import os; print(sorted(os.environ))']);
    expect(stdout).toBe("['HOME', 'PWD', 'TERM']\n");
  });

  it('typed goes to the log', async () => {
    const log = at('typed.log');
    await glovebox(['--log', log, '-c', 'input(); input()'], { input: 'one\ntwo\n' });
    expect(readFileSync(log, 'utf8')).toBe('one\ntwo\n');
  });
});

describe('at a terminal', () => {
  /** What one reads there. */
  const read = (stdout: string): string => {
    const screen = new FakeScreen(80, 1000);
    screen.write(stdout);
    return screen.text;
  };

  it("there is Python's own prompt, which answers and goes on after an error", async () => {
    const { code, stdout } = await gloveboxAtTerminal([], {
      input: '6 * 7\n1 / 0\nfor n in range(2):\nprint("n", n)\n\nexit(4)\n',
    });
    const text = read(stdout);
    expect(text).toContain('>>> 6 * 7\n42\n>>> 1 / 0\nTraceback');
    expect(text).toContain('ZeroDivisionError: division by zero');
    expect(text).toContain('>>> for n in range(2):\n...     print("n", n)\n...\nn 0\nn 1\n');
    expect(stdout).toContain('\u001b[1;35m>>> ');
    expect(code).toBe(4);
  });

  it('the prompt ends with the input, has no colours where none are wanted, and keeps what was typed', async () => {
    const home = at('home');
    mkdirSync(home, { recursive: true });
    const words = ['--nocolor', '--mount', `${home}:/home:rw`];
    const { code, stdout } = await gloveboxAtTerminal(words, { input: 'input()\nspam\n' });
    expect(read(stdout)).toContain(">>> input()\nspam\n'spam'\n>>>");
    expect(stdout).not.toContain(`${ESCAPE}[1;35m`);
    expect(code).toBe(0);
    expect(readFileSync(path.join(home, '.python_history'), 'utf8')).toBe('input()\n');
  });

  it('the prompt tells of a limit, and goes on', async () => {
    const { stdout, code } = await gloveboxAtTerminal(['--cpu', '0.5'], {
      input: 'while True: pass\n\n"still" + " there"\n',
    });
    expect(read(stdout)).toContain('[Stopped: computing time is up. ');
    expect(read(stdout)).toContain("'still there'");
    expect(code).toBe(0);
  });

  it('control sequences are shown instead of obeyed, unless asked for', async () => {
    const words = ['-c', 'print("\\x1b]0;title\\x07\\x1b[31mred\\x1b[0m")'];
    const shown = await gloveboxAtTerminal(words);
    expect(shown.stdout).toContain('\\x1b]0;title\\x07\u001b[31mred');
    const plain = await gloveboxAtTerminal(['--nocolor', ...words]);
    expect(plain.stdout).toContain('\\x07red');
    const raw = await gloveboxAtTerminal(['--raw-stdout', ...words]);
    expect(raw.stdout).toContain('\u001b]0;title\u0007');
  });
});

describe('--wasm', () => {
  it('runs another WASI program, with its arguments and its exit status', async () => {
    const file = at('exit.wasm');
    writeFileSync(
      file,
      assemble(`(module
        (import "wasi_snapshot_preview1" "args_sizes_get"
          (func $sizes (param i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
        (memory (export "memory") 1)
        (func (export "_start")
          (drop (call $sizes (i32.const 0) (i32.const 4)))
          (call $exit (i32.load (i32.const 0)))))`),
    );
    expect(await glovebox(['--wasm', file, 'a', 'b'])).toEqual({ code: 3, stdout: '', stderr: '' });
  });

  it('lists every import that no host call answers', async () => {
    const file = at('foreign.wasm');
    writeFileSync(
      file,
      assemble(
        '(module (import "env" "a" (func)) (import "env" "b" (func)) (func (export "_start")))',
      ),
    );
    const { code, stderr } = await glovebox(['--wasm', file]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^glovebox: .*env\.a, env\.b\n$/);
  });
});

describe('what can not be', () => {
  const unreadable = (): string => {
    const closed = at('closed');
    mkdirSync(closed, { recursive: true });
    chmodSync(closed, 0);
    return closed;
  };

  it.for([
    ['a script that is missing', () => [at('missing.py')], 'missing.py'],
    ['a script that is a folder', () => [at('data')], 'data'],
    ['an option that is unknown', () => ['--hepsize', '1m'], '--hepsize'],
    ['an option without its value', () => ['--timeout'], '--timeout'],
    ['a negative time', () => ['--timeout', '-1', '-c', ''], '--timeout'],
    ['a time that is none', () => ['--cpu', 'soon', '-c', ''], '--cpu'],
    ['no memory', () => ['--heapsize', '0', '-c', ''], '--heapsize'],
    ['too little memory', () => ['--heapsize', '1m', '-c', ''], 'heapBytes'],
    ['absurd memory', () => ['--heapsize', '99999g', '-c', ''], 'heapBytes'],
    ['a folder that is missing', () => ['--tmp', at('missing'), '-c', ''], 'missing'],
    ['a folder that is a file', () => ['--tmp', at('alone.py'), '-c', ''], 'alone.py'],
    ['a mount that is no mount', () => ['--mount', at('data'), '-c', ''], '--mount'],
    ['a mount on a relative path', () => ['--mount', `${at('data')}:data`, '-c', ''], '--mount'],
    ['a mount on /', () => ['--mount', `${at('data')}:/`, '-c', ''], '/'],
    [
      'two mounts on one path',
      () => ['--mount', `${at('data')}:/d`, '--mount', `${at('data', 'sub')}:/d/`, '-c', ''],
      '/d',
    ],
    [
      'a mount under a file',
      () => ['--mount', `${at('data')}:/d`, '--mount', `${at('data')}:/d/in.txt/x`, '-c', ''],
      '/d/in.txt',
    ],
    ['a wasm file that is missing', () => ['--wasm', at('missing.wasm')], 'missing.wasm'],
    ['a wasm file that is none', () => ['--wasm', at('alone.py')], 'WebAssembly'],
    ['a log that can not be written', () => ['--log', at('no', 'log'), '-c', 'input()'], 'log'],
  ] as const)('is one clear line and status 2: %s', async ([, words, named]) => {
    const { code, stdout, stderr } = await glovebox(words());
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^glovebox: .+\n$/);
    expect(stderr).toContain(named);
  });

  it.skipIf(process.getuid?.() === 0)('nor a mount that may not be read', async () => {
    const { code, stderr } = await glovebox(['--tmp', unreadable(), '-c', '']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^glovebox: .*closed.*\n$/);
  });

  it('as source is an error of Python', async () => {
    writeFileSync(at('nul.py'), 'x = 1\0\n');
    writeFileSync(at('latin.py'), Buffer.from('x = "é"', 'latin1'));
    for (const name of ['nul.py', 'latin.py']) {
      const { code, stderr } = await glovebox([at(name)]);
      expect(code).toBe(1);
      expect(stderr).toContain('SyntaxError');
    }
  });
});

describe('--help and --version', () => {
  it('print and end', async () => {
    expect((await glovebox(['--help'])).stdout).toContain('--mount DIR:PATH[:rw]');
    expect((await glovebox(['--version'])).stdout).toMatch(/^glovebox with Python 3\.13\.\d+/);
  });
});

describe('an image', () => {
  it('is left by one process, and the next goes on from there', async () => {
    const [image, data] = [at('image'), `${at('data')}:/data`];
    writeFileSync(
      at('counter.py'),
      "import sys\nf = open('/data/in.txt')\nf.read(5)\nn = [len(sys.argv)]\nprint('saved')\n",
    );
    const first = ['--mount', data, '--save', image, at('counter.py'), 'x'];
    expect(await glovebox(first)).toEqual({ code: 0, stdout: 'saved\n', stderr: '' });
    const next = (code: string): string[] => {
      return ['--mount', data, '--resume', image, '--save', image, '-c', code];
    };
    expect((await glovebox(next('n.append(3); print(f.read(4))'))).stdout).toBe('the \n');
    writeFileSync(at('printing.py'), 'print(n, f.read())\n');
    const last = await glovebox(['--mount', data, '--resume', image, at('printing.py')]);
    expect(last).toEqual({ code: 0, stdout: '[2, 3] machine\n', stderr: '' });
  });

  it('that does not fit is told of', async () => {
    const image = at('mounted');
    const data = `${at('data')}:/data`;
    await glovebox(['--mount', data, '--save', image, '-c', 'x = 1']);
    const unmounted = await glovebox(['--resume', image, '-c', 'print(x)']);
    expect(unmounted).toEqual({
      code: 2,
      stdout: '',
      stderr: 'glovebox: there was a volume on /data\n',
    });
    const foreign = await glovebox(['--resume', at('alone.py'), '-c', 'print(x)']);
    expect([foreign.code, foreign.stderr]).toEqual([
      2,
      'glovebox: this is no image of a sandbox\n',
    ]);
    const missing = await glovebox(['--resume', at('none'), '-c', 'print(x)']);
    expect([missing.code, missing.stderr]).toEqual([
      2,
      `glovebox: can't read ${at('none')}: ENOENT\n`,
    ]);
    const nowhere = await glovebox(['--save', at('none', 'x'), '-c', 'print(x)']);
    expect([nowhere.code, nowhere.stdout]).toEqual([2, '']);
  });

  it('is not left by a program that was ended', async () => {
    const image = at('kept');
    await glovebox(['--save', image, '-c', 'x = 1']);
    const ended = ['--resume', image, '--save', image, '--cpu', '0.3', '-c'];
    const { code, stderr } = await glovebox([
      ...ended,
      'x = 2\nwhile True:\n  try:\n    while True: pass\n  except: pass',
    ]);
    expect([code, stderr.includes(`${image} is left as it was`)]).toEqual([124, true]);
    expect((await glovebox(['--resume', image, '-c', 'print(x)'])).stdout).toBe('1\n');
  });
});

describe('a trace', () => {
  it('is left by one process, and another lives through it without what there was', async () => {
    const [trace, source] = [at('trace'), at('recorded.py')];
    writeFileSync(
      source,
      "import random, sys, time, atexit\natexit.register(print, 'bye', time.time())\n" +
        "print(input(), open('/data/in.txt').read(), random.random(), sys.argv)\n" +
        'print(time.time(), file=sys.stderr)\nsys.exit(3)\n',
    );
    const words = ['--record', trace, '--mount', `${at('data')}:/data`, source, 'x'];
    const first = await glovebox(words, { input: 'typed\n' });
    expect([first.code, first.stdout.slice(0, 24)]).toEqual([3, 'typed from the machine 0']);
    rmSync(source);
    const again = await glovebox(['--replay', trace]);
    expect(again).toEqual({ ...first, code: 0 });
  });

  it('that can not be replayed is told of', async () => {
    const trace = at('ended');
    const words = ['--record', trace, '--cpu', '0.3', '-c'];
    const stubborn = 'while True:\n  try:\n    while True: pass\n  except: pass';
    expect((await glovebox([...words, stubborn])).code).toBe(124);
    const ended = await glovebox(['--replay', trace]);
    expect(ended).toEqual({
      code: 2,
      stdout: '',
      stderr: 'glovebox: entry 1 was ended from outside: cpuMs\n',
    });
    const foreign = await glovebox(['--replay', at('alone.py')]);
    expect([foreign.code, foreign.stderr]).toEqual([
      2,
      'glovebox: this is no trace of a sandbox\n',
    ]);
    const nowhere = await glovebox(['--record', at('none', 'x'), '-c', 'print(x)']);
    expect([nowhere.code, nowhere.stdout]).toEqual([2, '']);
  });
});
