import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeBrowser, withRecords } from '../testing/fake-browser';
import { refusal, string, text } from '../testing/volume-helpers';
import type { StoredNode } from './indexeddb-records';
import { IndexedDbVolume } from './indexeddb-volume';
import { PageWriter, readPage } from './stored-page';
import type { Inode } from './volume';
import { VolumeError } from './volume-error';

const KiB = 1024;

beforeEach(() => fakeBrowser());
afterEach(() => vi.unstubAllGlobals());

const open = (repair = false) => IndexedDbVolume.open('ada', { repair });

const records = {
  get: (key: IDBValidKey) => withRecords('ada', (store) => store.get(key)),
  put: (key: IDBValidKey, value: unknown) => withRecords('ada', (store) => store.put(value, key)),
  delete: (key: IDBValidKey) => withRecords('ada', (store) => store.delete(key)),
  keys: () => withRecords('ada', (store) => store.getAllKeys()),
};

/** folder/{small, other}, folder/deep/large, top */
async function filled(): Promise<Record<'small' | 'large' | 'folder' | 'deep', Inode>> {
  const volume = await open();
  const folder = volume.createDirectory(volume.root, 'folder');
  const deep = volume.createDirectory(folder, 'deep');
  const small = volume.createFile(folder, 'small');
  await volume.write(small, 0, text('small content'));
  const other = volume.createFile(folder, 'other');
  await volume.write(other, 0, text('other content'));
  const large = volume.createFile(deep, 'large');
  await volume.write(large, 0, new Uint8Array(600 * KiB).fill(7));
  await volume.write(volume.createFile(volume.root, 'top'), 0, text('top content'));
  await volume.close();
  return { small, large, folder, deep };
}

async function damage(key: IDBValidKey, at: number): Promise<void> {
  const bytes = (await records.get(key)) as Uint8Array;
  bytes[at] = (bytes[at] ?? 0) ^ 0xff;
  await records.put(key, bytes);
}

async function changeNodes(change: (node: StoredNode) => StoredNode | undefined): Promise<void> {
  const writer = new PageWriter();
  for (const { node } of readPage(0, await records.get(0)).nodes) {
    const changed = change(node);
    if (changed !== undefined) writer.node(changed);
  }
  await records.put(0, writer.take());
}

async function readAt(volume: IndexedDbVolume, path: string): Promise<string> {
  let inode: Inode | undefined = volume.root;
  for (const name of path.split('/')) {
    inode = inode === undefined ? undefined : volume.lookup(inode, name);
  }
  if (inode === undefined) return 'missing';
  const found = inode;
  const result = await refusal(() => volume.read(found, 0, 20));
  return result === 'done' ? string(await volume.read(found, 0, 20)) : result;
}

async function repaired(): Promise<IndexedDbVolume> {
  const volume = await open();
  const report = await volume.check({ repair: true });
  expect(report.repaired).toBe(true);
  expect((await volume.check()).problems).toEqual([]);
  await volume.close();
  const again = await open();
  expect((await again.check()).problems).toEqual([]);
  return again;
}

describe('check()', () => {
  it('finds nothing wrong with a volume that nobody tampered with', async () => {
    await filled();
    const volume = await open();
    const report = await volume.check({ repair: true });
    expect(report).toEqual({ problems: [], repaired: false, files: 4, directories: 3 });
    await volume.close();
  });

  it('names a file with a damaged chunk; the others and its other chunks stay readable', async () => {
    const { large } = await filled();
    await damage([large, 1], 5000);
    let volume = await open();
    expect((await volume.read(large, 0, 5))[0]).toBe(7);
    expect(await refusal(() => volume.read(large, 300 * KiB, 5))).toBe('EIO');
    expect(await readAt(volume, 'folder/small')).toBe('small content');
    const { problems } = await volume.check();
    expect(problems).toMatchObject([
      { kind: 'content', path: '/folder/deep/large', record: `[${large},1]` },
    ]);
    expect(problems[0]?.message).toContain('bytes 262144 to 524288 are damaged');
    await volume.close();
    volume = await repaired();
    expect((await volume.read(large, 300 * KiB, 5))[0]).toBe(0);
    expect((await volume.read(large, 520 * KiB, 5))[0]).toBe(7);
    await volume.close();
  });

  it('names a file with a missing chunk', async () => {
    const { large } = await filled();
    await records.delete([large, 2]);
    const volume = await open();
    expect(await refusal(() => volume.read(large, 550 * KiB, 5))).toBe('EIO');
    expect((await volume.check()).problems).toMatchObject([
      { kind: 'content', path: '/folder/deep/large' },
    ]);
    await volume.close();
    await (await repaired()).close();
  });

  it('names the one small file that is damaged in a record of several', async () => {
    await filled();
    await damage('pack:1', 2);
    let volume = await open();
    expect(await readAt(volume, 'folder/small')).toBe('EIO');
    expect(await readAt(volume, 'folder/other')).toBe('other content');
    expect((await volume.check()).problems).toMatchObject([
      { kind: 'content', path: '/folder/small', record: '"pack:1"' },
    ]);
    await volume.close();
    volume = await repaired();
    expect(await readAt(volume, 'folder/small')).toBe('\0'.repeat(13));
    await volume.close();
  });

  it.each([
    ['nothing', undefined],
    ['something else', 'text'],
    ['too little', new Uint8Array(3)],
  ])('survives %s where content should be', async (_, value) => {
    const { large } = await filled();
    for (const key of [[large, 0], 'pack:1']) {
      await (value === undefined ? records.delete(key) : records.put(key, value));
    }
    const volume = await open();
    expect(await refusal(() => volume.read(large, 0, 5))).toBe('EIO');
    expect(await readAt(volume, 'top')).toBe('EIO');
    expect((await volume.check()).problems).toHaveLength(4);
    await volume.close();
    await (await repaired()).close();
  });

  it('finds again without its name what a damaged directory had', async () => {
    const { folder, large } = await filled();
    // The frame of the folder's node is the second one.
    const page = (await records.get(0)) as Uint8Array;
    const second = 8 + new DataView(page.buffer).getUint32(0, true);
    await damage(0, second + 12);
    let volume = await open();
    expect(await readAt(volume, 'top')).toBe('top content');
    expect(volume.lookup(volume.root, 'folder')).toBeUndefined();
    // What is written now does not take away what could not be read.
    await volume.write(volume.createFile(volume.root, 'new'), 0, text('new'));
    await volume.close();

    volume = await open();
    const { problems } = await volume.check({ repair: true });
    expect(problems.map(({ kind }) => kind)).toContain('record');
    const found = volume.lookup(volume.root, 'lost+found') as Inode;
    const names = volume.list(found, 0, 10).map(({ name }) => name);
    expect(names.sort()).toEqual([`#${folder + 1}`, '#4', '#5']);
    expect(await readAt(volume, 'lost+found/#4')).toBe('small content');
    const deep = volume.lookup(found, '#3') as Inode;
    expect(volume.lookup(deep, 'large')).toBe(large);
    expect(await readAt(volume, 'new')).toBe('new');
    expect((await volume.check()).problems).toEqual([]);
    await volume.close();
  });

  it('finds again what a damaged directory had, although its neighbours were written anew', async () => {
    const { folder } = await filled();
    await changeNodes((node) => (node.inode === folder ? undefined : node));
    let volume = await open();
    // The only file in the pack that is not lost leaves it.
    await volume.write(volume.lookup(volume.root, 'top') as Inode, 0, text('TOP'));
    await volume.close();
    volume = await repaired();
    expect(await readAt(volume, 'lost+found/#4')).toBe('small content');
    expect(await readAt(volume, 'lost+found/#5')).toBe('other content');
    expect(await readAt(volume, 'top')).toBe('TOP content');
    await volume.close();
  });

  it('leaves lost content in a sparse pack until it is found', async () => {
    let volume = await open();
    const folder = volume.createDirectory(volume.root, 'folder');
    const inside = volume.createFile(folder, 'inside');
    await volume.write(inside, 0, text('inside'));
    const others = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    for (const name of others) {
      await volume.write(volume.createFile(volume.root, name), 0, new Uint8Array(16 * KiB).fill(1));
    }
    await volume.close();
    await changeNodes((node) => (node.inode === folder ? undefined : node));
    volume = await open();
    for (const name of others) volume.unlink(volume.root, name);
    for (let round = 0; round < 3; round++) await volume.sync();
    await volume.close();
    volume = await repaired();
    expect(await readAt(volume, `lost+found/#${inside}`)).toBe('inside');
    await volume.close();
  });

  it('finds again the content of a file whose node is gone', async () => {
    const { large } = await filled();
    await changeNodes((node) => (node.inode === large ? undefined : node));
    const volume = await repaired();
    const found = volume.lookup(volume.root, 'lost+found') as Inode;
    const file = volume.lookup(found, `#${large}`) as Inode;
    expect(volume.attributes(file).size).toBe(600 * KiB);
    expect((await volume.read(file, 599 * KiB, 5))[0]).toBe(7);
    await volume.close();
  });

  it('unties directories that lie in each other', async () => {
    const { folder, deep } = await filled();
    await changeNodes((node) =>
      node.inode === folder ? { ...node, names: [{ parent: deep, name: 'up' }] } : node,
    );
    const volume = await repaired();
    const found = volume.lookup(volume.root, 'lost+found') as Inode;
    expect(volume.list(found, 0, 10)).toHaveLength(1);
    await volume.close();
  });

  it('finds thousands of lost files in one go, under names that are free', async () => {
    let volume = await open();
    const found = volume.createDirectory(volume.root, 'lost+found');
    const folder = volume.createDirectory(volume.root, 'folder');
    volume.createFile(found, `#${folder + 3}`);
    const deep = volume.createDirectory(folder, 'deep');
    for (let index = 0; index < 5000; index++) volume.createFile(folder, `file ${index}`);
    const second = volume.createFile(deep, 'first name');
    volume.link(second, folder, 'second name');
    await volume.close();
    await changeNodes((node) => (node.inode === folder ? undefined : node));
    volume = await open();
    await volume.check({ repair: true });
    const names = volume.list(found, 0, 6000).map(({ name }) => name);
    expect(names).toHaveLength(5002);
    expect(names).toContain(`#${folder + 3}`);
    expect(names).toContain(`#${folder + 3}-1`);
    const { links } = volume.attributes(second);
    expect(links).toBe(1);
    expect((await volume.check()).problems).toEqual([]);
    await volume.close();
  });

  it('takes a root that is no directory for a missing one', async () => {
    await filled();
    await changeNodes((node) => (node.inode === 1 ? { ...node, kind: 'file' } : node));
    const broken = await open();
    expect(await readAt(broken, 'folder/small')).toBe('small content');
    await broken.close();
    const volume = await repaired();
    expect(volume.attributes(volume.root).kind).toBe('directory');
    expect(await readAt(volume, 'folder/small')).toBe('small content');
    await volume.close();
  });

  it('changes nothing when it only looks', async () => {
    await filled();
    await changeNodes((node) => (node.inode === 2 ? undefined : node));
    const before = [await records.get(0), await records.keys()];
    const volume = await open();
    expect((await volume.check()).repaired).toBe(false);
    await volume.close();
    const after = [await records.get(0), await records.keys()];
    expect(after).toEqual(before);
  });

  it('leaves out names that contradict each other', async () => {
    const { small, folder, deep, large } = await filled();
    await changeNodes((node) => {
      const more: Record<number, StoredNode['names']> = {
        [small]: [{ parent: folder, name: 'other' }],
        [deep]: [{ parent: 1 as Inode, name: 'second' }],
        [large]: [
          { parent: small, name: 'in a file' },
          { parent: 999 as Inode, name: 'nowhere' },
        ],
      };
      return { ...node, names: [...node.names, ...(more[node.inode] ?? [])] };
    });
    const broken = await open();
    expect(await readAt(broken, 'top')).toBe('top content');
    await broken.close();
    const volume = await repaired();
    expect(await readAt(volume, 'folder/small')).toBe('small content');
    expect(volume.attributes(large).links).toBe(1);
    await volume.close();
  });

  it('clears away records that belong to nothing', async () => {
    const { large } = await filled();
    await records.put('pack:77', new Uint8Array(10));
    await records.put([large, 50], new Uint8Array(10));
    await records.put('what is this', 1);
    await records.put([1, 2, 3], 1);
    const volume = await open();
    const { problems } = await volume.check();
    expect(problems.map(({ kind }) => kind)).toEqual(['record', ...Array(4).fill('leftover')]);
    expect(problems[0]?.message).toBe('numbers that the header gives are in use');
    await volume.close();
    await (await repaired()).close();
    expect(await records.keys()).toHaveLength(6);
  });

  it('is not led astray by records that claim too much, with the right checksums', async () => {
    const { small, large, folder } = await filled();
    const most = Number.MAX_SAFE_INTEGER;
    const far = { parent: folder, name: 'far' };
    const chunks = (first: number, count: number) => ({
      kind: 'chunks' as const,
      ranges: [[first, count] as const],
    });
    const forged: ((node: StoredNode) => StoredNode)[] = [
      (node) => ({ ...node, size: most }),
      (node) => ({ ...node, size: 2 ** 40, place: chunks(0, 2 ** 22) }),
      (node) => ({ ...node, size: 2 ** 40, place: chunks(0, most) }),
      (node) => ({ ...node, place: chunks(2 ** 52, 2 ** 52) }),
      (node) => ({ ...node, place: { kind: 'packed', pack: most, offset: most, checksum: 0 } }),
      (node) => ({ ...node, size: 2 ** 40, place: { ...node.place, offset: 0 } as never }),
    ];
    const good = await records.get(0);
    for (const forge of forged) {
      await changeNodes((node) =>
        node.inode === small ? forge({ ...node, names: [...node.names, far] }) : node,
      );
      const broken = await open();
      expect(await readAt(broken, 'top')).toBe('top content');
      await broken.close();
      const volume = await repaired();
      expect(await readAt(volume, 'top')).toBe('top content');
      expect((await volume.read(large, 0, 5))[0]).toBe(7);
      await volume.close();
      await records.put(0, good);
    }
  });

  it('gives no number that is in use or can not be, whatever the records say', async () => {
    const { large } = await filled();
    const last = 10 ** 15;
    const page = new PageWriter();
    const file = { kind: 'file' as const, size: 0, accessedNs: 0n, modifiedNs: 0n, changedNs: 0n };
    const rest = { names: [{ parent: 999 as Inode, name: 'x' }], target: '' };
    page.node({ ...file, ...rest, inode: last as Inode, place: { kind: 'none' } });
    await records.put(Math.floor(last / 32), page.take());
    const beyond = new PageWriter();
    const most = Number.MAX_SAFE_INTEGER as Inode;
    beyond.node({ ...file, ...rest, inode: most, place: { kind: 'none' } });
    await records.put(Math.floor(most / 32), beyond.take());
    const header = { format: 1, generation: 10 ** 15, nextInode: 3, nextPack: 1 };
    await records.put('volume', header);
    for (const index of [0, 2 ** 50]) {
      await records.put([0, index], await records.get([large, 0]));
      await records.put([77, 2 ** 22 + index], await records.get([large, 0]));
    }
    await records.put('pack:01', new Uint8Array(8));
    await records.put('pack:1e300', new Uint8Array(8));

    const volume = await open();
    // There is no number left for another file.
    expect(await refusal(() => volume.createFile(volume.root, 'new'))).toBe('ENOSPC');
    const top = volume.lookup(volume.root, 'top') as Inode;
    await volume.write(top, 0, text('TOP'));
    await volume.close();
    const again = await repaired();
    expect(await readAt(again, 'top')).toBe('TOP content');
    expect(await readAt(again, 'folder/small')).toBe('small content');
    expect(again.lookup(again.lookup(again.root, 'lost+found') as Inode, `#${last}`)).toBe(last);
    await again.close();
  });

  it('reads a salvaged volume although a key looks like the number of a pack', async () => {
    await filled();
    await records.delete('volume');
    await records.put('pack:1e300', new Uint8Array(8));
    const volume = await open(true);
    await volume.write(volume.createFile(volume.root, 'new'), 0, text('new'));
    await volume.close();
    const again = await repaired();
    expect(await readAt(again, 'new')).toBe('new');
    expect(await readAt(again, 'top')).toBe('top content');
    await again.close();
  });

  it('makes a new header where the old one is lost, but only when it is told to', async () => {
    const { small } = await filled();
    const zero = { format: 0, generation: 1, nextInode: 9, nextPack: 9 };
    const headers = [undefined, 'text', { format: 1 }, { format: 'x' }, zero];
    for (const [index, header] of headers.entries()) {
      await (header === undefined ? records.delete('volume') : records.put('volume', header));
      await expect(open()).rejects.toThrow(VolumeError);
      await expect(open()).rejects.toMatchObject({ code: 'volume-damaged' });
      const volume = await open(true);
      expect((await volume.check({ repair: true })).problems).toHaveLength(1);
      expect(await readAt(volume, 'folder/small')).toBe('small content');
      expect(volume.createFile(volume.root, `file ${index}`)).toBeGreaterThan(small);
      await volume.close();
      await (await open()).close();
    }
  });

  it('makes an empty volume of nothing but nonsense', async () => {
    await filled();
    for (const key of await records.keys()) await records.put(key, { some: 'nonsense' });
    const volume = await open(true);
    await volume.check({ repair: true });
    expect((await volume.check()).problems).toEqual([]);
    expect(volume.list(volume.root, 0, 10)).toEqual([]);
    await volume.close();
  });

  it('keeps open files open while it repairs', async () => {
    const { small, large } = await filled();
    await damage([large, 0], 100);
    const volume = await open();
    volume.retain(small);
    volume.unlink(volume.lookup(volume.root, 'folder') as Inode, 'small');
    await volume.check({ repair: true });
    expect(string(await volume.read(small, 0, 20))).toBe('small content');
    volume.release(small);
    expect(await refusal(() => volume.read(small, 0, 20))).toBe('ESTALE');
    await volume.close();
  });

  it('loses one node to any byte that is wrong, also when its page is written again', async () => {
    const paths = new Map<string, Inode[]>();
    const { small, large, folder, deep } = await filled();
    paths.set('folder/small', [folder, small]);
    paths.set('folder/other', [folder, (small + 1) as Inode]);
    paths.set('folder/deep/large', [folder, deep, large]);
    paths.set('top', [(large + 1) as Inode]);
    const good = (await records.get(0)) as Uint8Array;
    const header = await records.get('volume');
    const frames = readPage(0, good).nodes.map(({ node, frame }) => {
      const start = frame.byteOffset - good.byteOffset;
      return { inode: node.inode, start, end: start + frame.length };
    });
    const intact = await open();
    const contents = new Map<string, string>();
    for (const path of paths.keys()) contents.set(path, await readAt(intact, path));
    await intact.close();

    for (let at = 0; at < good.length; at++) {
      const frame = frames.find(({ start, end }) => start <= at && at < end);
      // All of what says where a node ends, and some of what is in it.
      if (at - (frame?.start ?? 0) >= 8 && at % 7 !== 0) continue;
      const hit = frame?.inode;
      const bad = good.slice();
      bad[at] = (bad[at] ?? 0) ^ (1 << (at % 8));
      await records.put(0, bad);
      await records.put('volume', header);
      const volume = await open();
      volume.createFile(volume.root, 'new');
      await volume.close();

      const again = await open();
      expect(again.lookup(again.root, 'new')).toBeDefined();
      for (const [path, inodes] of paths) {
        const expected = inodes.some((inode) => inode === hit) ? 'missing' : contents.get(path);
        expect(`${at} ${path} ${await readAt(again, path)}`).toBe(`${at} ${path} ${expected}`);
      }
      // The root is there again, as it is written along with its page.
      const { problems } = await again.check();
      expect(problems.length).toBeGreaterThan(0);
      await again.close();
    }
  });

  it('finds the nodes after one whose length is wrong', async () => {
    await filled();
    const good = (await records.get(0)) as Uint8Array;
    for (const length of [0, 1, 27, 60, good.length - 8, good.length, 2 ** 32 - 1]) {
      const bad = good.slice();
      new DataView(bad.buffer).setUint32(0, length, true);
      const { nodes, damaged } = readPage(0, bad);
      expect(nodes.map(({ node }) => node.inode)).toEqual([2, 3, 4, 5, 6, 7]);
      expect(damaged).toHaveLength(1);
    }
  });

  it('does not look for nodes for ever in bytes that all seem to be the beginning of one', () => {
    const beginning = [0xa0, 0x86, 1, 0, 0, 0, 0, 0, 0, 0];
    const bad = Uint8Array.from({ length: 2 ** 20 }, (_, at) => beginning[at % 10] ?? 0);
    expect(readPage(0, bad)).toMatchObject({
      nodes: [],
      damaged: [{ reason: 'the checksum is wrong' }],
    });
  });
});
