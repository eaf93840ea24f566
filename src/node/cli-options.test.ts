import { describe, expect, test } from 'vitest';
import { parseCommandLine, USAGE, UsageError } from './cli-options';

describe('the target', () => {
  test.each([
    [[], { kind: 'prompt' }, []],
    [['-'], { kind: 'stdin' }, []],
    [['-', 'a', '-c'], { kind: 'stdin' }, ['a', '-c']],
    [['x.py', '--cpu', '1'], { kind: 'script', path: 'x.py' }, ['--cpu', '1']],
    [['-c', 'print()', '-m', 'x'], { kind: 'command', source: 'print()' }, ['-m', 'x']],
    [['-c', ''], { kind: 'command', source: '' }, []],
    [['-c', '-x'], { kind: 'command', source: '-x' }, []],
    [['-m', 'json.tool', 'f'], { kind: 'module', name: 'json.tool' }, ['f']],
    [['--wasm', 'p.wasm', '--help'], { kind: 'wasm', path: 'p.wasm' }, ['--help']],
    [['--wasm=p.wasm'], { kind: 'wasm', path: 'p.wasm' }, []],
    [['--help', 'x'], { kind: 'help' }, ['x']],
    [['-h'], { kind: 'help' }, []],
    [['--version'], { kind: 'version' }, []],
    [['-V'], { kind: 'version' }, []],
  ])('of %j is %j, and %j is left to it', (words, target, args) => {
    expect(parseCommandLine(words)).toMatchObject({ target, args });
  });
});

describe('options', () => {
  test('stand before the target, in any order', () => {
    const words = '--verbose --timeout 1.5 --cpu=2 --heapsize 64M --log l --nocolor --raw-stdout';
    expect(parseCommandLine([...words.split(' '), 'x.py'])).toEqual({
      target: { kind: 'script', path: 'x.py' },
      args: [],
      mounts: [],
      wallMs: 1500,
      cpuMs: 2000,
      heapBytes: 64 * 1024 * 1024,
      log: 'l',
      save: undefined,
      resume: undefined,
      record: undefined,
      verbose: true,
      noColor: true,
      rawStdout: true,
    });
  });

  test('name the files of images, but not for another program than Python', () => {
    expect(parseCommandLine(['--save', 'a', '--resume=b'])).toMatchObject({
      save: 'a',
      resume: 'b',
    });
    for (const option of ['--save', '--resume']) {
      expect(() => parseCommandLine([option, 'a', '--wasm', 'p.wasm'])).toThrow(UsageError);
    }
  });

  test('name the files of traces, but not for another program than Python', () => {
    expect(parseCommandLine(['--record', 'a', '-c', '1'])).toMatchObject({ record: 'a' });
    expect(parseCommandLine(['--replay', 'a'])).toMatchObject({
      target: { kind: 'replay', path: 'a' },
    });
    expect(() => parseCommandLine(['--record', 'a', '--wasm', 'p.wasm'])).toThrow(UsageError);
    for (const words of [
      ['--replay', 'a', 'x.py'],
      ['--record', 'b', '--replay', 'a'],
      ['--replay'],
    ]) {
      expect(() => parseCommandLine(words)).toThrow(UsageError);
    }
  });

  test.each([
    ['1024', 1024],
    ['2k', 2048],
    ['1.5K', 1536],
    ['3m', 3 * 2 ** 20],
    ['2G', 2 ** 31],
  ])('--heapsize %s is %i bytes', (text, bytes) => {
    expect(parseCommandLine(['--heapsize', text]).heapBytes).toBe(bytes);
  });

  test.each([
    ['dir:/data', { folder: 'dir', path: '/data', writable: false }],
    ['dir:/data:rw', { folder: 'dir', path: '/data', writable: true }],
    ['dir:/data:ro', { folder: 'dir', path: '/data', writable: false }],
    ['/a/b:/c/d/', { folder: '/a/b', path: '/c/d/', writable: false }],
    ['odd:/name:/data:rw', { folder: 'odd:/name', path: '/data', writable: true }],
    ['with space:/new\nline', { folder: 'with space', path: '/new\nline', writable: false }],
  ])('--mount %j is understood', (text, mount) => {
    expect(parseCommandLine(['--mount', text]).mounts).toEqual([mount]);
  });

  test('--mount and --tmp add up', () => {
    const { mounts } = parseCommandLine(['--tmp', 't', '--mount', 'a:/x', '--mount=b:/y:rw']);
    expect(mounts.map(({ folder, path }) => `${folder} ${path}`)).toEqual([
      't /tmp',
      'a /x',
      'b /y',
    ]);
  });

  test.each([
    [['--nonsense'], 'unknown option --nonsense'],
    [['--nonsense=3'], 'unknown option --nonsense'],
    [['-x'], 'unknown option -x'],
    [['-c'], '-c needs a value'],
    [['-m'], '-m needs a value'],
    [['--wasm'], '--wasm needs a value'],
    [['--tmp'], '--tmp needs a value'],
    [['--verbose=yes'], '--verbose takes no value'],
    [['--help=me'], '--help takes no value'],
    [['--version=2'], '--version takes no value'],
    [['--mount', 'dir'], '--mount dir'],
    [['--mount', 'dir:relative'], '--mount dir:relative'],
    [['--mount', ':/data'], '--mount :/data'],
    [['--mount', 'dir:/data:rx'], '--mount dir:/data:rx'],
    [['--mount', ''], '--mount'],
    [['--heapsize', '-1'], '--heapsize -1'],
    [['--heapsize', '0'], '--heapsize 0'],
    [['--heapsize', '0.5'], '--heapsize 0.5'],
    [['--heapsize', '1e9'], '--heapsize 1e9'],
    [['--heapsize', '12q'], '--heapsize 12q'],
    [['--heapsize', ''], '--heapsize'],
    [['--heapsize', '9'.repeat(400)], '--heapsize 999'],
    [['--timeout', '0'], '--timeout 0'],
    [['--timeout', '-1'], '--timeout -1'],
    [['--timeout', 'Infinity'], '--timeout Infinity'],
    [['--timeout', '1s'], '--timeout 1s'],
    [['--timeout', '9'.repeat(400)], '--timeout 999'],
    [['--cpu', 'NaN'], '--cpu NaN'],
    [['--cpu='], '--cpu'],
  ])('$1: anything but what it takes is refused by name', (words, message) => {
    expect(() => parseCommandLine([...words])).toThrow(UsageError);
    expect(() => parseCommandLine([...words])).toThrow(message);
  });

  test('are all in the usage text', () => {
    const named = USAGE.match(/--[a-z-]+/g) ?? [];
    for (const option of new Set(named)) {
      expect(() => parseCommandLine([option, '1', '1'])).not.toThrow('unknown option');
    }
  });
});
