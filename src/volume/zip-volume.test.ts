import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { refusal, string, text } from '../testing/volume-helpers';
import { writeZip } from '../testing/zip-writer';
import type { Inode } from './volume';
import { ZipVolume } from './zip-volume';

function at(volume: ZipVolume, path: string): Inode {
  let inode = volume.root;
  for (const name of path.split('/')) {
    const next = volume.lookup(inode, name);
    if (next === undefined) throw new Error(`no ${name} of ${path}`);
    inode = next;
  }
  return inode;
}

async function contentAt(volume: ZipVolume, path: string): Promise<string> {
  return string(await volume.read(at(volume, path), 0, 1 << 20));
}

const namesIn = (volume: ZipVolume, inode: Inode) =>
  volume
    .list(inode, 0, 1000)
    .map(({ name, kind }) => `${name} ${kind}`)
    .sort();

describe('ZipVolume', () => {
  it('reads an archive that another program wrote', async () => {
    const long = 'line of text\n'.repeat(10_000);
    const volume = ZipVolume.from(
      zipSync({
        'readme.txt': [text('stored'), { level: 0 }],
        sub: { 'long.txt': text(long), deeper: { 'é.txt': text('é') } },
      }),
    );
    expect(await contentAt(volume, 'readme.txt')).toBe('stored');
    expect(await contentAt(volume, 'sub/long.txt')).toBe(long);
    expect(await contentAt(volume, 'sub/deeper/é.txt')).toBe('é');
    expect(string(await volume.read(at(volume, 'sub/long.txt'), 13, 4))).toBe('line');
    expect(await volume.read(at(volume, 'sub/long.txt'), long.length, 4)).toHaveLength(0);
    expect(volume.attributes(at(volume, 'sub/long.txt')).size).toBe(long.length);
  });

  it('implies the directories that the archive leaves out', () => {
    const volume = ZipVolume.from(
      writeZip([{ name: 'a/b/c' }, { name: 'a/d' }, { name: 'a/b/' }, { name: 'e/' }]),
    );
    expect(namesIn(volume, volume.root)).toEqual(['a directory', 'e directory']);
    expect(namesIn(volume, at(volume, 'a'))).toEqual(['b directory', 'd file']);
    expect(volume.usage()).toEqual({ bytes: 0, inodes: 6 });
  });

  it('gives the first of several archives that hold a path, and merges their directories', async () => {
    const volume = ZipVolume.from([
      writeZip([{ name: 'both', content: 'first' }, { name: 'dir/one' }, { name: 'file' }]),
      writeZip([
        { name: 'both', content: 'second' },
        { name: 'dir/two' },
        { name: 'file/hidden', content: 'x' },
        { name: 'dir/one/hidden', content: 'x' },
      ]),
    ]);
    expect(await contentAt(volume, 'both')).toBe('first');
    expect(namesIn(volume, at(volume, 'dir'))).toEqual(['one file', 'two file']);
    expect(namesIn(volume, volume.root)).toEqual(['both file', 'dir directory', 'file file']);
  });

  it('takes times as UTC, and an implied directory gets its newest', () => {
    const date = ((2024 - 1980) << 9) | (2 << 5) | 29;
    const time = (13 << 11) | (14 << 5) | (30 >> 1);
    const volume = ZipVolume.from(
      writeZip([
        { name: 'dir/old' },
        { name: 'dir/new', dosDate: date, dosTime: time },
        { name: 'no-date', dosDate: 0 },
      ]),
    );
    const ns = (iso: string) => BigInt(Date.parse(iso)) * 1_000_000n;
    const modified = (path: string) => volume.attributes(at(volume, path)).modifiedNs;
    expect(modified('dir/new')).toBe(ns('2024-02-29T13:14:30Z'));
    expect(modified('dir')).toBe(ns('2024-02-29T13:14:30Z'));
    expect(modified('dir/old')).toBe(ns('1980-01-01T00:00:00Z'));
    expect(modified('no-date')).toBe(ns('1980-01-01T00:00:00Z'));
    expect(volume.attributes(volume.root).modifiedNs).toBe(ns('2024-02-29T13:14:30Z'));
  });

  it('has symbolic links as Unix archives write them', async () => {
    const mode = 0o120777;
    const volume = ZipVolume.from(
      writeZip([
        { name: 'link', content: '../else/where', mode },
        { name: 'packed', content: 'x/'.repeat(100), mode, deflate: true },
        { name: 'file', content: 'link', mode: 0o100644 },
      ]),
    );
    const link = at(volume, 'link');
    expect(volume.attributes(link)).toMatchObject({ kind: 'symlink', size: 13 });
    expect(await volume.readLink(link)).toBe('../else/where');
    expect(await volume.readLink(at(volume, 'packed'))).toBe('x/'.repeat(100));
    expect(await refusal(() => volume.read(link, 0, 5))).toBe('EINVAL');
    expect(await refusal(() => volume.readLink(at(volume, 'file')))).toBe('EINVAL');
  });

  it('reads names in the old code page, and those in UTF-8 with or without the mark', () => {
    const volume = ZipVolume.from(
      writeZip([
        { name: new Uint8Array([0x81, 0x2e, 0x9c]) },
        { name: 'ö' },
        { name: '日', flags: 0x0800 },
      ]),
    );
    expect(namesIn(volume, volume.root)).toEqual(['ö file', 'ü.£ file', '日 file'].sort());
  });

  it('finds the end record behind a comment that looks like one', async () => {
    const comment = `PK\u0005\u0006${'\0'.repeat(18)}and more`;
    const volume = ZipVolume.from(writeZip([{ name: 'file', content: 'x' }], { comment }));
    expect(await contentAt(volume, 'file')).toBe('x');
  });

  it('gives a stored file as a view of the archive', async () => {
    const archive = writeZip([{ name: 'file', content: 'stored' }]);
    const volume = ZipVolume.from(archive);
    const bytes = await volume.read(at(volume, 'file'), 0, 6);
    expect(bytes.buffer).toBe(archive.buffer);
  });

  it('refuses each change', async () => {
    const volume = ZipVolume.from(writeZip([{ name: 'file' }]));
    expect(volume.readOnly).toBe(true);
    for (const change of [
      () => volume.createFile(),
      () => volume.createDirectory(),
      () => volume.createSymlink(),
      () => volume.link(),
      () => volume.unlink(),
      () => volume.removeDirectory(),
      () => volume.rename(),
      () => volume.write(),
      () => volume.truncate(),
      () => volume.setTimes(),
    ]) {
      expect(await refusal(change)).toBe('EROFS');
    }
  });

  it('keeps no more inflated bytes than allowed, and open files as long as they are open', async () => {
    const parts = ['a', 'b', 'c'].map((name) => ({
      name,
      content: name.repeat(1000),
      deflate: true,
    }));
    const volume = ZipVolume.from(writeZip(parts), { maxCachedBytes: 1500 });
    const bufferOf = async (name: string) => (await volume.read(at(volume, name), 0, 10)).buffer;
    volume.retain(at(volume, 'a'));
    const a = await bufferOf('a');
    const b = await bufferOf('b');
    expect(await bufferOf('b')).toBe(b);
    await bufferOf('c');
    expect(await bufferOf('a')).toBe(a);
    expect(await bufferOf('b')).not.toBe(b);
    expect(await contentAt(volume, 'b')).toBe('b'.repeat(1000));
  });
});

describe('ZipVolume with an archive that is fetched later', () => {
  const archive = writeZip([
    { name: 'file', content: 'content', deflate: true },
    { name: 'dir/link', content: 'target', mode: 0o120777 },
    { name: 'wrong', content: 'x', crc: 1 },
    { name: 'bad-link', content: new Uint8Array([0xff]), mode: 0o120777 },
  ]);
  const lazy = (load: () => Promise<Uint8Array>, tail = 400) => ({
    directory: archive.slice(-tail),
    bytes: archive.length,
    load,
  });

  it('knows names and sizes at once, and loads once when a file is read', async () => {
    let loads = 0;
    const volume = ZipVolume.from([
      lazy(async () => {
        loads++;
        return archive;
      }),
    ]);
    expect(volume.attributes(at(volume, 'file')).size).toBe(7);
    expect(namesIn(volume, at(volume, 'dir'))).toEqual(['link symlink']);
    expect(loads).toBe(0);
    const contents = await Promise.all([contentAt(volume, 'file'), contentAt(volume, 'file')]);
    expect(contents).toEqual(['content', 'content']);
    expect(await volume.readLink(at(volume, 'dir/link'))).toBe('target');
    expect(loads).toBe(1);
    expect(volume.read(at(volume, 'file'), 0, 1)).toBeInstanceOf(Uint8Array);
  });

  it('answers EIO for a load that fails, is short or brings something else, and tries again', async () => {
    const other = archive.slice();
    other.set([1], other.length - 60);
    const answers: (() => Promise<Uint8Array>)[] = [
      () => Promise.reject(new Error('offline')),
      () => {
        throw new Error('at once');
      },
      async () => archive.slice(0, -1),
      async () => other,
      async () => archive,
    ];
    const volume = ZipVolume.from([lazy(() => (answers.shift() ?? (async () => archive))())]);
    for (let failing = 0; failing < 4; failing++) {
      expect(await refusal(() => volume.read(at(volume, 'file'), 0, 9))).toBe('EIO');
    }
    expect(await contentAt(volume, 'file')).toBe('content');
  });

  it('answers EIO for an entry that is not what the directory says', async () => {
    const volume = ZipVolume.from([lazy(async () => archive)]);
    expect(await refusal(() => volume.read(at(volume, 'wrong'), 0, 9))).toBe('EIO');
    expect(await refusal(() => volume.readLink(at(volume, 'bad-link')))).toBe('EIO');
    expect(await contentAt(volume, 'file')).toBe('content');
  });

  it('is refused if its directory is not all there', () => {
    expect(() => ZipVolume.from([lazy(async () => archive, 100)])).toThrow(
      expect.objectContaining({ code: 'zip-truncated' }),
    );
    expect(() =>
      ZipVolume.from([{ directory: archive, bytes: 10, load: async () => archive }]),
    ).toThrow(expect.objectContaining({ code: 'zip-inconsistent' }));
  });

  it('after closing answers ESTALE to a read that was waiting', async () => {
    const volume = ZipVolume.from([lazy(async () => archive)]);
    const reading = refusal(() => volume.read(at(volume, 'file'), 0, 9));
    volume.close();
    expect(await reading).toBe('ESTALE');
  });
});
