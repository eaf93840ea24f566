import { describe, expect } from 'vitest';
import { BusyError, EvaluationError, OptionError } from '../errors';
import { guestIt as it } from '../testing/guest-test';

describe('a run', () => {
  it('keeps its variables for the next one', async ({ open }) => {
    const python = await open();
    await python.run('import math\nscores = [1, 2]\ndef double(n): return n * 2');
    await python.run('scores.append(double(int(math.sqrt(16))))');
    expect(await python.printed('print(scores)')).toBe('[1, 2, 8]\n');
  });

  it('reports its time and its memory', async ({ shared }) => {
    const outcome = await shared.run('pass');
    expect(outcome).toMatchObject({ status: 'ok', alive: true });
    expect(outcome.wallMs).toBeGreaterThan(0);
    expect(outcome.wallMs).toBeLessThan(1000);
    expect(outcome.heapBytes % 65_536).toBe(0);
    expect(outcome.heapBytes).toBeGreaterThan(1_000_000);
  });

  it('in the mode of the prompt shows the value of an expression, and nothing for None', async ({
    open,
  }) => {
    const python = await open();
    await python.run('6 * 7', { mode: 'single' });
    await python.run('None', { mode: 'single' });
    await python.run('_ + 1', { mode: 'single' });
    await python.run('6 * 7');
    expect(python.stdout).toBe('42\n43\n');
  });

  it('takes arguments, which stay until they are changed', async ({ open }) => {
    const python = await open();
    await python.run('pass', { argv: ['tool.py', '--fast', 'é\u{1f40d}'] });
    const show = 'import sys\nprint(sys.argv)';
    expect(await python.printed(show)).toBe("['tool.py', '--fast', 'é\u{1f40d}']\n");
  });

  it('is Python 3.13 on WASI, with itself as __main__', async ({ shared }) => {
    const source = 'import sys\nprint(sys.version_info[:2], sys.platform, __name__)';
    expect(await shared.printed(source)).toBe('(3, 13) wasi __main__\n');
  });

  it('is refused while another one is going on, which is not disturbed', async ({ open }) => {
    const python = await open();
    const running = python.run('import time\ntime.sleep(0.2)\nprint("done")');
    expect(python.sandbox.running).toBe(true);
    await expect(python.run('print("second")')).rejects.toThrow(BusyError);
    await expect(python.sandbox.evaluate('1')).rejects.toThrow(BusyError);
    await expect(python.sandbox.isComplete('1')).rejects.toThrow(BusyError);
    expect(await running).toMatchObject({ status: 'ok' });
    expect(python.sandbox.running).toBe(false);
    expect(python.stdout).toBe('done\n');
  });

  it('of 2,000 in a row leaves the memory as it was', async ({ open }) => {
    const python = await open();
    for (let turn = 0; turn < 200; turn++) await python.run('x = [0] * 1000');
    const before = await python.run('pass');
    for (let turn = 0; turn < 2000; turn++) await python.run('x = [0] * 1000');
    expect((await python.run('pass')).heapBytes).toBe(before.heapBytes);
  });
});

describe('an exception', () => {
  it('is told with its type, message, line and source text, and is printed as well', async ({
    open,
  }) => {
    const python = await open();
    const outcome = await python.run('def divide(n):\n    return 1 / n\n\ndivide(0)\n', {
      filename: 'sums.py',
    });
    expect(outcome).toMatchObject({
      status: 'error',
      alive: true,
      error: { type: 'ZeroDivisionError', message: 'division by zero', line: 2 },
    });
    const { traceback } = 'error' in outcome ? outcome.error : { traceback: '' };
    expect(traceback).toContain('File "sums.py", line 4, in <module>\n    divide(0)');
    expect(traceback).toContain('File "sums.py", line 2, in divide\n    return 1 / n');
    expect(traceback).not.toContain('_runtime');
    expect(python.stderr).toBe(traceback);
    expect(python.stdout).toBe('');
  });

  it('of the syntax names the line', async ({ open }) => {
    const python = await open();
    const outcome = await python.run('x = 1\nif x:\nprint(x)\n');
    expect(outcome).toMatchObject({
      status: 'error',
      error: { type: 'IndentationError', line: 3 },
    });
    expect(python.stderr).toContain('print(x)');
    expect(await python.run('x = 1')).toMatchObject({ status: 'ok' });
  });

  it('shows the source of library frames too', async ({ open }) => {
    const python = await open();
    const outcome = await python.run('import json\njson.loads("{")');
    expect(outcome).toMatchObject({ status: 'error', error: { type: 'JSONDecodeError', line: 2 } });
    expect(python.stderr).toContain('/json/__init__.py", line ');
    expect(python.stderr).toContain('    return _default_decoder.decode(s)');
  });

  it('of a group, with notes and a cause, is printed as Python does', async ({ open }) => {
    const python = await open();
    await python.run(`
try:
    raise ValueError('inner')
except ValueError as cause:
    group = ExceptionGroup('several', [TypeError('a'), KeyError('b')])
    group.add_note('look here')
    raise group from cause
`);
    expect(python.stderr).toContain('The above exception was the direct cause');
    expect(python.stderr).toContain('ExceptionGroup: several (2 sub-exceptions)');
    expect(python.stderr).toContain('look here');
  });

  it.for([
    ['an exception that can not be printed', 'Bad()', 'Bad'],
    ['an excepthook that fails', 'sys.excepthook = 1\n1 / 0', 'ZeroDivisionError'],
    ['streams that are gone', 'sys.stderr = sys.stdout = None\n1 / 0', 'ZeroDivisionError'],
    ['builtins that are gone', '__builtins__.__dict__.clear()\n1 / 0', 'ZeroDivisionError'],
    ['modules that are gone', 'sys.modules.clear()\n1 / 0', 'ZeroDivisionError'],
    ['a type whose name lies', 'raise Liar', ''],
  ])('comes through %s', async ([, source, type], { open }) => {
    const python = await open();
    const outcome = await python.run(`
import sys
class Bad(Exception):
    def __str__(self): raise SystemExit(9)
    __repr__ = __str__
class Meta(type):
    __name__ = property(lambda cls: 1 / 0)
class Liar(Exception, metaclass=Meta): pass
${source === 'Bad()' ? 'raise Bad()' : source}
`);
    expect(outcome).toMatchObject({ status: 'error', alive: true });
    if (type !== '') expect(outcome).toMatchObject({ error: { type } });
  });
});

describe('sys.exit', () => {
  it.for([
    ['sys.exit()', 0],
    ['sys.exit(None)', 0],
    ['sys.exit(3)', 3],
    ['sys.exit(256)', 256],
    ['sys.exit(-1)', -1],
    ['sys.exit(True)', 1],
    ['raise SystemExit(4)', 4],
    ['exit(5)', 5],
  ] as const)('%s is exit code %d', async ([source, exitCode], { shared }) => {
    const outcome = await shared.run(`import sys\n${source}`);
    expect(outcome).toMatchObject({ status: 'exit', exitCode, alive: true });
  });

  it('of a text prints it and is exit code 1', async ({ open }) => {
    const python = await open();
    const outcome = await python.run('import sys\nsys.exit("no more tea")');
    expect(outcome).toMatchObject({ status: 'exit', exitCode: 1 });
    expect(python.stderr).toBe('no more tea\n');
  });

  it('of a number beyond any machine is still an exit', async ({ shared }) => {
    const outcome = await shared.run('import sys\nsys.exit(10**30)');
    expect(outcome).toMatchObject({ status: 'exit', alive: true });
  });

  it('leaves the variables', async ({ open }) => {
    const python = await open();
    await python.run('kept = 1\nimport sys\nsys.exit(2)');
    expect(await python.sandbox.evaluate('kept')).toBe(1);
  });
});

describe('evaluate', () => {
  it.for([
    ['None', null],
    ['True', true],
    ['40 + 2', 42],
    ['-2**31', -(2 ** 31)],
    ['2**53 - 1', Number.MAX_SAFE_INTEGER],
    ['2**53', 2n ** 53n],
    ['-10**30', -(10n ** 30n)],
    ['1.5', 1.5],
    ['float("inf")', Number.POSITIVE_INFINITY],
    ['float("nan")', Number.NaN],
    ['""', ''],
    ['"a\\0é\u{1f40d}"', 'a\0é\u{1f40d}'],
    ['"\\ud800"', '\ud800'],
    ['b"\\x00\\xff"', Uint8Array.of(0, 255)],
    ['[1, [2, (3, None)]]', [1, [2, [3, null]]]],
    ['{"a": {1: (2,)}}', new Map([['a', new Map([[1, [2]]])]])],
    ['{1, 2} - {2}', new Set([1])],
    ['frozenset("a")', new Set(['a'])],
  ] as const)('gives %s', async ([expression, value], { shared }) => {
    expect(await shared.sandbox.evaluate(expression)).toEqual(value);
  });

  it('carries several MiB', async ({ open }) => {
    const python = await open();
    const value = await python.sandbox.evaluate('bytes(range(256)) * 20_000');
    expect(value).toHaveLength(5_120_000);
    expect((value as Uint8Array)[5_119_999]).toBe(255);
  });

  it('refuses a value beyond what a result may hold, and the guest goes on', async ({ open }) => {
    const python = await open({ limits: { heapBytes: 512 * 2 ** 20 } });
    await expect(python.sandbox.evaluate('bytes(65 * 2**20)')).rejects.toMatchObject({
      code: 'EVALUATION',
      type: 'TypeError',
      message: expect.stringContaining('bytes can not be carried out of the guest'),
    });
    expect(await python.sandbox.evaluate('6 * 7')).toBe(42);
  });

  it('sees the variables of the runs', async ({ open }) => {
    const python = await open();
    await python.run('scores = {"ada": 3}');
    expect(await python.sandbox.evaluate('sum(scores.values())')).toBe(3);
  });

  it.for([
    ['object()', 'TypeError'],
    ['[lambda: 1]', 'TypeError'],
    ['(lambda: 1).__code__', 'TypeError'],
    ['1 / 0', 'ZeroDivisionError'],
    ['missing', 'NameError'],
    ['x = 1', 'SyntaxError'],
    ['', 'SyntaxError'],
    ['(loop := []).append(loop) or loop', ''],
  ])('of %s throws what Python raised: %s', async ([expression, type], { shared }) => {
    const failed = shared.sandbox.evaluate(expression ?? '');
    await expect(failed).rejects.toThrow(EvaluationError);
    if (type !== '') await expect(failed).rejects.toMatchObject({ code: 'EVALUATION', type });
    expect(await shared.sandbox.evaluate('1')).toBe(1);
  });

  it('says why when the program ended instead', async ({ shared }) => {
    await expect(shared.sandbox.evaluate('exit(3)')).rejects.toMatchObject({ type: 'exit' });
  });

  it('aside is in nobody’s way: a run waits for it, and it for a run', async ({ open }) => {
    const python = await open();
    const looking = python.sandbox.evaluate('sum(range(200_000))', { aside: true });
    expect(python.sandbox.running).toBe(false);
    const running = python.run('x = 1');
    expect(await looking).toBe(19_999_900_000);
    const second = python.sandbox.evaluate('x', { aside: true });
    expect((await running).status).toBe('ok');
    expect(await second).toBe(1);
    const third = python.run('import time\ntime.sleep(0.1)');
    await expect(python.sandbox.evaluate('1')).rejects.toThrow(BusyError);
    await third;
  });
});

describe('isComplete', () => {
  it.for([
    ['', true],
    ['6 * 7', true],
    ['x = (1,', false],
    ['for n in range(3):', false],
    ['for n in range(3):\n  print(n)', false],
    ['for n in range(3):\n  print(n)\n', true],
    ['"""text', false],
    ['1 +* 2', true],
    ['x = \\', false],
    ['\0', true],
  ] as const)('of %j is %s', async ([source, complete], { shared }) => {
    expect(await shared.sandbox.isComplete(source)).toBe(complete);
  });
});

describe('limits', () => {
  it.for([
    { heapBytes: 1_000_000 },
    { heapBytes: 2 ** 40 },
    { wallMs: -1 },
    { cpuMs: Number.NaN },
    { outputBytes: 0 },
    { openFiles: Number.POSITIVE_INFINITY },
    { heapbytes: 2 ** 30 },
  ])('%j are refused before anything starts', async (limits, { open }) => {
    await expect(open({ limits })).rejects.toThrow(OptionError);
  });
});
