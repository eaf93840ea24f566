import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { text } from '../testing/volume-helpers';
import { MemoryVolume } from './memory-volume';
import type { MemoryVolumeState, NodeState } from './memory-volume-state';
import type { Inode } from './volume';

const NOBODY: ReadonlySet<Inode> = new Set();

function usual(): MemoryVolume {
  const volume = MemoryVolume.from({
    'dir/sub/deep.txt': 'deep',
    'file.txt': 'content',
    'empty/': null,
  });
  const file = volume.lookup(volume.root, 'file.txt') ?? volume.root;
  volume.link(file, volume.root, 'second');
  volume.createSymlink(volume.root, 'link', 'dir/ü');
  return volume;
}

describe('a volume in memory that was captured', () => {
  it('comes back with its nodes, names, times, links and content', () => {
    const volume = usual();
    const state = volume.capture();
    const again = MemoryVolume.restore(state, NOBODY);
    expect(again.capture()).toEqual(state);
    expect(again.usage()).toEqual(volume.usage());
    const file = again.lookup(again.root, 'second') ?? again.root;
    expect(again.attributes(file)).toEqual(volume.attributes(file));
    expect(again.list(again.root, 0, 99)).toEqual(volume.list(volume.root, 0, 99));
  });

  it('is not changed by what happens to the other', () => {
    const volume = usual();
    const state = volume.capture();
    const again = MemoryVolume.restore(state, NOBODY);
    const file = volume.lookup(volume.root, 'file.txt') ?? volume.root;
    volume.write(file, 0, text('CHANGED'));
    volume.unlink(volume.root, 'link');
    expect(again.capture()).toEqual(state);
    again.createFile(again.root, 'new');
    expect(volume.lookup(volume.root, 'new')).toBeUndefined();
  });

  it('goes on with a listing where it was, and gives new nodes new numbers', () => {
    const volume = new MemoryVolume();
    for (let index = 0; index < 20; index++) volume.createFile(volume.root, `f${index}`);
    for (const name of ['f3', 'f4', 'f17']) volume.unlink(volume.root, name);
    const first = volume.list(volume.root, 0, 7);
    const again = MemoryVolume.restore(volume.capture(), NOBODY);
    const after = first.at(-1)?.cookie ?? 0;
    expect(again.list(again.root, after, 99)).toEqual(volume.list(volume.root, after, 99));
    expect(again.createFile(again.root, 'new')).toBe(volume.createFile(volume.root, 'new'));
    expect(again.list(again.root, after, 99)).toEqual(volume.list(volume.root, after, 99));
  });

  it('keeps what was removed while it was open, for as long as it is', () => {
    const volume = usual();
    const file = volume.lookup(volume.root, 'link') ?? volume.root;
    volume.retain(file);
    volume.unlink(volume.root, 'link');
    const state = volume.capture();
    expect(() => MemoryVolume.restore(state, NOBODY)).toThrow('nothing leads to');
    const again = MemoryVolume.restore(state, new Set([file]));
    again.retain(file);
    expect(again.readLink(file)).toBe('dir/ü');
    again.release(file);
    expect(again.usage().inodes).toBe(volume.usage().inodes - 1);
  });

  it('keeps a removed directory that is open, and nothing is made in it', () => {
    const volume = usual();
    const empty = volume.lookup(volume.root, 'empty') ?? volume.root;
    volume.retain(empty);
    volume.removeDirectory(volume.root, 'empty');
    const again = MemoryVolume.restore(volume.capture(), new Set([empty]));
    expect(again.attributes(empty).links).toBe(0);
    expect(() => again.createFile(empty, 'new')).toThrow('ENOENT');
  });

  it('does not fit into a smaller quota', () => {
    const state = usual().capture();
    expect(() => MemoryVolume.restore(state, NOBODY, { maxBytes: 5 })).toThrow('ENOSPC');
    expect(() => MemoryVolume.restore(state, NOBODY, { maxInodes: 3 })).toThrow('ENOSPC');
    expect(() => MemoryVolume.restore(state, NOBODY, { maxNameBytes: 3 })).toThrow('ENAMETOOLONG');
  });
});

describe('a state that no volume was in', () => {
  const state = usual().capture();
  const named = (name: string): NodeState => {
    const found = state.nodes.find((node) => node.names.some((one) => one.name === name));
    if (found === undefined) throw new Error(`no ${name}`);
    return found;
  };
  const changed = (name: string, change: Partial<NodeState>): MemoryVolumeState => {
    const nodes = state.nodes.map((node) => (node === named(name) ? { ...node, ...change } : node));
    return { ...state, nodes };
  };
  const withNames = (name: string, names: Partial<NodeState['names'][number]>[]) =>
    changed(name, {
      names: names.map((one) => ({ parent: 1 as Inode, name: 'x', cookie: 7, ...one })),
    });
  const dir = named('dir').inode;
  const sub = named('sub').inode;

  it.each<[string, MemoryVolumeState]>([
    ['no root', { ...state, nodes: state.nodes.filter((node) => node.inode !== 1) }],
    [
      'a root that is a file',
      {
        ...state,
        nodes: state.nodes.map((n) => (n.inode === 1 ? { ...n, kind: 'file' as const } : n)),
      },
    ],
    [
      'a root with a name',
      {
        ...state,
        nodes: state.nodes.map((n) =>
          n.inode === 1 ? { ...n, names: [{ parent: dir, name: 'up', cookie: 5 }] } : n,
        ),
      },
    ],
    ['a node twice', { ...state, nodes: [...state.nodes, named('dir')] }],
    ['a node past the next one', { ...state, nextInode: 3 }],
    ['the next node nowhere', { ...state, nextInode: 2 ** 53 }],
    ['a node that is no number', changed('dir', { inode: 1.5 as Inode })],
    ['a size that is not its', changed('file.txt', { size: 3 })],
    ['a link to nowhere', changed('link', { target: '', size: 0 })],
    ['a link with a NUL', changed('link', { target: 'a\0', size: 2 })],
    ['nothing that leads to it', withNames('file.txt', [])],
    ['a name in a file', withNames('dir', [{ parent: named('file.txt').inode }])],
    ['a name in nothing', withNames('dir', [{ parent: 999 as Inode }])],
    ['a name with a slash', withNames('dir', [{ name: 'a/b' }])],
    ['the name ..', withNames('dir', [{ name: '..' }])],
    ['a name twice', withNames('dir', [{ name: 'file.txt' }])],
    ['a directory with two names', withNames('dir', [{ cookie: 8 }, { name: 'y' }])],
    ['a directory in itself', withNames('dir', [{ parent: dir }])],
    ['a circle of directories', withNames('dir', [{ parent: sub }])],
    ['one cookie twice', withNames('dir', [{ cookie: named('file.txt').names[0]?.cookie ?? 0 }])],
    ['a cookie of zero', withNames('dir', [{ cookie: 0 }])],
    ['a cookie that is too large', withNames('dir', [{ cookie: 2 ** 53 }])],
  ])('is refused: %s', (_, bad) => {
    expect(() => MemoryVolume.restore(bad, NOBODY)).toThrow();
  });

  it('makes a whole volume or none, whatever it says', () => {
    const inode = fc.integer({ min: 1, max: 8 }) as fc.Arbitrary<Inode>;
    const node = fc.record({
      inode,
      kind: fc.constantFrom('directory' as const, 'file' as const, 'symlink' as const),
      names: fc.array(
        fc.record({ parent: inode, name: fc.constantFrom('a', 'b', 'c'), cookie: fc.nat(20) }),
        { maxLength: 2 },
      ),
    });
    const property = fc.property(fc.array(node, { maxLength: 7 }), (nodes) => {
      const times = { accessedNs: 0n, modifiedNs: 0n, changedNs: 0n };
      const bad: MemoryVolumeState = {
        nextInode: 9,
        nodes: nodes.map((one) => ({
          ...{ ...one, ...times, content: new Uint8Array(0) },
          ...(one.kind === 'symlink' ? { target: 't', size: 1 } : { target: '', size: 0 }),
        })),
      };
      let volume: MemoryVolume;
      try {
        volume = MemoryVolume.restore(bad, NOBODY);
      } catch {
        return;
      }
      let reached = 0;
      const walk = (directory: Inode): void => {
        for (const entry of volume.list(directory, 0, 99)) {
          reached++;
          if (entry.kind === 'directory') walk(entry.inode);
        }
      };
      walk(volume.root);
      expect(volume.usage().inodes).toBe(reached + 1);
    });
    fc.assert(property, { numRuns: 3000 });
  });
});
