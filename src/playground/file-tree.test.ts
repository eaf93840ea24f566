import { describe, expect, it, vi } from 'vitest';
import { MemoryVolume } from '../volume/memory-volume';
import { VolumeFiles } from '../volume/volume-files';
import { contentOf, sizeText } from './file-content';
import { FileTree } from './file-tree';

async function treeOf(entries: Record<string, string | null>) {
  const files = new VolumeFiles(MemoryVolume.from(entries));
  const onChange = vi.fn();
  const tree = new FileTree(files, onChange);
  await tree.load();
  const names = (): string[] => tree.rows.map(({ name, depth }) => `${'  '.repeat(depth)}${name}`);
  return { files, tree, names, onChange };
}

describe('the tree of files', () => {
  it('has folders first, then files as people count', async () => {
    const { names } = await treeOf({ file10: '', file2: '', 'z/': null, 'B.txt': '' });
    expect(names()).toEqual(['z', 'B.txt', 'file2', 'file10']);
  });

  it('shows what is in folders that are unfolded, and folds them with all below', async () => {
    const { tree, names } = await treeOf({ 'a/b/c': 'x', d: '' });
    await tree.reveal('a/b/c');
    expect(names()).toEqual(['a', '  b', '    c', 'd']);
    tree.fold('a');
    expect(names()).toEqual(['a', 'd']);
    await tree.unfold('a');
    expect(names()).toEqual(['a', '  b', 'd']);
  });

  it('tells where each row is among its siblings', async () => {
    const { tree } = await treeOf({ 'a/x': '', 'a/y': '', b: '' });
    await tree.unfold('a');
    expect(tree.rows.map(({ position, siblings }) => [position, siblings])).toEqual([
      [1, 2],
      [1, 2],
      [2, 2],
      [2, 2],
    ]);
  });

  it('follows what others do in folders that are shown', async () => {
    const { files, tree, names, onChange } = await treeOf({ 'a/x': '' });
    await tree.unfold('a');
    onChange.mockClear();
    await files.write('a/new', '1');
    await files.write('top', '1');
    await vi.waitFor(() => expect(names()).toEqual(['a', '  new', '  x', 'top']));
    await files.remove('a');
    await vi.waitFor(() => expect(names()).toEqual(['top']));
    expect(onChange).toHaveBeenCalled();
  });

  it('tells nobody once it is closed', async () => {
    const { files, tree, onChange } = await treeOf({});
    tree.close();
    onChange.mockClear();
    await files.write('late', '1');
    await new Promise((done) => setTimeout(done, 150));
    expect(onChange).not.toHaveBeenCalled();
  });
});

describe('the content of a file', () => {
  it.each([
    ['text', new TextEncoder().encode('é\n'), { kind: 'text', text: 'é\n' }],
    [
      'text that begins with a mark',
      new TextEncoder().encode('\ufeffx'),
      { kind: 'text', text: '\ufeffx' },
    ],
    [
      'bytes that are no text',
      Uint8Array.of(0xff, 0xfe),
      { kind: 'described', description: 'A binary file of 2 B.' },
    ],
    [
      'text with a NUL',
      Uint8Array.of(65, 0),
      { kind: 'described', description: 'A binary file of 2 B.' },
    ],
  ])('of %s is what it is', async (_what, bytes, content) => {
    const files = new VolumeFiles(new MemoryVolume());
    await files.write('f', bytes);
    expect(await contentOf(files, 'f')).toEqual(content);
  });

  it('that is too large is not read', async () => {
    const volume = new MemoryVolume({ maxBytes: 200 * 2 ** 20 });
    const files = new VolumeFiles(volume);
    await files.write('f', new Uint8Array(100_000_000));
    const read = vi.spyOn(volume, 'read');
    expect(await contentOf(files, 'f')).toMatchObject({ kind: 'described' });
    expect(read).not.toHaveBeenCalled();
  });

  it('has a size that people read', () => {
    expect([0, 999, 1000, 9_960, 10_000, 999_600, 123_456_789].map(sizeText)).toEqual([
      ...['0 B', '999 B', '1.0 kB', '10.0 kB', '10 kB', '1.0 MB', '123 MB'],
    ]);
  });
});
