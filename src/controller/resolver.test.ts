import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FileError } from '../protocol/errno';
import { drive } from '../protocol/maybe';
import { MemoryVolume } from '../volume/memory-volume';
import { Namespace, type Node } from './namespace';
import { type Location, resolve } from './resolver';

/** `/`: a file, `d/` with links of every sort in it, and a volume mounted at `d/m`. */
function openTree(): { namespace: Namespace; at: (path: string) => Node } {
  const base = MemoryVolume.from({ file: '', 'd/e/deep': '', 'd/file': '' });
  const link = (folder: string, name: string, target: string): void => {
    const directory = folder === '' ? base.root : base.lookup(base.root, folder);
    if (directory !== undefined) base.createSymlink(directory, name, target);
  };
  link('d', 'to-root', '/');
  link('d', 'to-self', '.');
  link('d', 'to-above', '../..');
  link('d', 'to-absolute', '/d/e');
  link('d', 'to-slash', 'e/');
  link('d', 'to-file-slash', 'file/');
  link('d', 'dangling', 'none/at/all');
  link('', 'a', 'b');
  link('', 'b', 'a');
  for (let depth = 1; depth <= 41; depth++)
    link('', `l${depth}`, depth === 1 ? 'd' : `l${depth - 1}`);
  const mounted = MemoryVolume.from({ 'inside/x': '' });
  mounted.createSymlink(mounted.root, 'out', '/file');
  mounted.createSymlink(mounted.root, 'up', '../..');
  const namespace = Namespace.create(base, [['/d/m', mounted]]) as Namespace;
  return {
    namespace,
    at: (path) => locate(namespace, namespace.root, path).node ?? namespace.root,
  };
}

function locate(namespace: Namespace, start: Node, path: string, followLast = true): Location {
  return drive(resolve(namespace, start, path, { followLast })) as Location;
}

function outcome(start: string, path: string, followLast = true): string {
  const { namespace, at } = openTree();
  try {
    const found = locate(namespace, start === '' ? namespace.root : at(start), path, followLast);
    const inMount = found.node?.mount.path ?? found.parent.mount.path;
    return `${found.kind ?? 'nothing'} ${inMount} ${found.name}`.trim();
  } catch (error) {
    if (error instanceof FileError) return error.errnoName;
    throw error;
  }
}

describe('the names on the way', () => {
  test.each([
    ['.', []],
    ['d/e/deep', ['d', 'e', 'deep']],
    ['d/../file', ['file']],
    ['../..//d/./e/', ['d', 'e']],
    ['d/to-self/to-self/e', ['d', 'e']],
    ['d/to-absolute/deep', ['d', 'e', 'deep']],
    ['d/to-slash', ['d', 'e']],
    ['d/to-above/file', ['file']],
    ['d/to-root', []],
    ['d/m/inside/x', ['d', 'm', 'inside', 'x']],
    ['d/m/up/d/m/inside', ['d', 'm', 'inside']],
    ['d/new', ['d', 'new']],
  ])('of %s are %j', (path, names) => {
    const { namespace } = openTree();
    expect(locate(namespace, namespace.root, path).names).toEqual(names);
  });
});

describe('from the root', () => {
  test.each([
    ['.', 'directory /'],
    ['..', 'directory /'],
    ['../../..', 'directory /'],
    ['../file', 'file / file'],
    ['d/../../../file', 'file / file'],
    ['d', 'directory / d'],
    ['d/', 'directory / d'],
    ['d/.', 'directory /'],
    ['d//e///deep', 'file / deep'],
    ['./d/./e', 'directory / e'],
    ['d/e/..', 'directory /'],
    ['file/', 'ENOTDIR'],
    ['file/.', 'ENOTDIR'],
    ['file/..', 'ENOTDIR'],
    ['none', 'nothing / none'],
    ['none/', 'nothing / none'],
    ['none/.', 'ENOENT'],
    ['none/..', 'ENOENT'],
    ['none/x', 'ENOENT'],
    ['', 'ENOENT'],
    ['/', 'EPERM'],
    ['/file', 'EPERM'],
  ])('%s is %s', (path, expected) => {
    expect(outcome('', path)).toBe(expected);
  });
});

describe('symbolic links', () => {
  test.each([
    // A link to `/` has no name of its own: it must not be taken for the directory it lies in.
    ['d/to-root', true, 'directory /'],
    ['d/to-root/file', true, 'file / file'],
    ['d/to-root', false, 'symlink / to-root'],
    ['d/to-root/', false, 'directory /'],
    ['d/to-self', true, 'directory /'],
    ['d/to-self/file', true, 'file / file'],
    ['d/to-above', true, 'directory /'],
    ['d/to-above/d/file', true, 'file / file'],
    ['d/to-absolute/deep', true, 'file / deep'],
    ['d/to-slash', true, 'directory / e'],
    ['d/to-file-slash', true, 'ENOTDIR'],
    ['d/dangling', true, 'ENOENT'],
    ['d/dangling', false, 'symlink / dangling'],
    ['a', true, 'ELOOP'],
    ['a', false, 'symlink / a'],
    ['a/', false, 'ELOOP'],
    ['a/x', false, 'ELOOP'],
    ['l40', true, 'directory / d'],
    ['l41', true, 'ELOOP'],
    ['l41', false, 'symlink / l41'],
  ])('%s (followed: %s) is %s', (path, followLast, expected) => {
    expect(outcome('', path, followLast)).toBe(expected);
  });
});

describe('from a directory that is not the root', () => {
  test.each([
    ['.', 'directory /'],
    ['e/..', 'directory /'],
    ['e/../file', 'file / file'],
    ['..', 'EPERM'],
    ['e/../..', 'EPERM'],
    ['e/../../d/file', 'EPERM'],
    ['to-root', 'EPERM'],
    ['to-absolute', 'EPERM'],
    ['to-above', 'EPERM'],
    ['to-self/../file', 'EPERM'],
    ['to-root', 'EPERM'],
    ['m/up', 'EPERM'],
    ['m/..', 'directory /'],
    ['m/out', 'EPERM'],
    ['m/inside', 'directory /d/m inside'],
  ])('%s is %s', (path, expected) => {
    expect(outcome('d', path)).toBe(expected);
  });

  test('neither is a mounted volume a way out', () => {
    expect(outcome('d/m', '..')).toBe('EPERM');
    expect(outcome('d/m', 'out')).toBe('EPERM');
    expect(outcome('', 'd/m/out')).toBe('file / file');
    expect(outcome('', 'd/m/../file')).toBe('file / file');
  });
});

describe('paths that are too much', () => {
  test.each([
    ['100,000 components', 'd/'.repeat(100_000)],
    ['a name of a megabyte', 'n'.repeat(1 << 20)],
    ['a megabyte of slashes', `d${'/'.repeat(1 << 20)}`],
    ['4097 bytes in fewer characters', 'é'.repeat(2049)],
  ])('are refused: %s', (_title, path) => {
    expect(outcome('', path)).toBe('ENAMETOOLONG');
  });

  test('take little time when they are just short enough', () => {
    const volume = MemoryVolume.from({ 'd/': null });
    const d = volume.lookup(volume.root, 'd');
    if (d === undefined) throw new Error('no d');
    // Each turn of the loop adds some 4,000 components.
    volume.createSymlink(d, 'again', `${'../d/'.repeat(800)}again`);
    const namespace = Namespace.create(volume, []) as Namespace;
    const start = performance.now();
    expect(() => locate(namespace, namespace.root, `d${'/'.repeat(4000)}again`)).toThrow('ELOOP');
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

test('no path leads above where it started, whatever it is made of', () => {
  const { namespace, at } = openTree();
  const start = at('d');
  const name = fc.constantFrom(
    '..',
    '.',
    '',
    'e',
    'm',
    'up',
    'out',
    'to-root',
    'to-above',
    'to-absolute',
    'to-self',
    'file',
    'inside',
  );
  const above = namespace.root.inode;
  fc.assert(
    fc.property(fc.array(name, { maxLength: 12 }), fc.boolean(), (names, followLast) => {
      try {
        const { node, parent } = locate(namespace, start, names.join('/'), followLast);
        for (const place of [node, parent]) {
          expect(place?.mount === namespace.root.mount && place.inode === above).toBe(false);
        }
      } catch (error) {
        expect(error).toBeInstanceOf(FileError);
      }
    }),
    { numRuns: 3000 },
  );
});
