import { deflateSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { FileError } from '../protocol/errno';
import { refusal, string, text } from '../testing/volume-helpers';
import { writeZip, type ZipPart } from '../testing/zip-writer';
import { MemoryVolume } from './memory-volume';
import { ZipError } from './zip-error';
import { exportZipBlob } from './zip-export';
import { importZip } from './zip-import';

async function bytesOf(blob: Blob): Promise<Uint8Array> {
  return new Uint8Array(await blob.arrayBuffer());
}

const LINK = 0o120777;

function cutOff(content: string): Uint8Array {
  return deflateSync(text(content)).subarray(0, 2);
}

function contentOf(volume: MemoryVolume, name: string): string {
  return string(volume.read(volume.lookup(volume.root, name) ?? volume.root, 0, 1 << 20));
}

describe('importZip', () => {
  it('writes nothing of an archive that is broken or hostile', async () => {
    const volume = new MemoryVolume();
    await expect(importZip(volume, text('no archive'))).rejects.toThrow(ZipError);
    const zip = await bytesOf(await exportZipBlob(MemoryVolume.from({ aa: 'x' })));
    const hostile = zip.map((byte) => (byte === 97 ? 46 : byte));
    await expect(importZip(volume, hostile)).rejects.toThrow(ZipError);
    await expect(importZip(volume, zip, volume.root, { maxEntries: 0 })).rejects.toThrow(ZipError);
    expect(volume.usage().inodes).toBe(1);
  });

  it('tells how far it is, and waits for who is told', async () => {
    const zip = await bytesOf(await exportZipBlob(MemoryVolume.from({ 'a/b': 'four', c: 'xy' })));
    const volume = new MemoryVolume();
    const told: [entries: number, bytes: number, inodes: number][] = [];
    await importZip(volume, zip, volume.root, {
      onProgress: async ({ entries, bytes, totalBytes }) => {
        expect(totalBytes).toBe(6);
        await Promise.resolve();
        told.push([entries, bytes, volume.usage().inodes]);
      },
    });
    expect(told).toEqual([
      [1, 0, 2],
      [2, 2, 3],
      [3, 6, 4],
    ]);
  });

  it('ends where who is told wants no more of it', async () => {
    const zip = await bytesOf(await exportZipBlob(MemoryVolume.from({ a: '', b: '' })));
    const volume = new MemoryVolume();
    const onProgress = () => Promise.reject(new Error('enough'));
    await expect(importZip(volume, zip, volume.root, { onProgress })).rejects.toThrow('enough');
    expect(volume.usage().inodes).toBe(2);
  });

  it('stops where the volume refuses', async () => {
    const zip = await bytesOf(await exportZipBlob(MemoryVolume.from({ a: 'content' })));
    const small = new MemoryVolume({ maxBytes: 3 });
    expect(await refusal(() => importZip(small, zip))).toBe('ENOSPC');
    const taken = MemoryVolume.from({ 'a/': null });
    expect(await refusal(() => importZip(taken, zip))).toBe('EEXIST');
    const readOnly = MemoryVolume.from({}, { readOnly: true });
    expect(await refusal(() => importZip(readOnly, zip))).toBe('EROFS');
  });

  it('replaces a file that is longer by the whole of the new one', async () => {
    const zip = await bytesOf(await exportZipBlob(MemoryVolume.from({ a: 'short' })));
    const volume = MemoryVolume.from({ a: 'much longer' });
    await importZip(volume, zip);
    const a = volume.lookup(volume.root, 'a') ?? volume.root;
    expect(string(volume.read(a, 0, 100))).toBe('short');
  });

  describe('leaves the old file, and nothing beside it, when an entry', () => {
    const old = 'the old content, longer than any of the new ones';
    const huge = new Uint8Array(1 << 20);
    it.each<[string, ZipPart, string]>([
      ['has a wrong checksum', { name: 'a', content: 'new', crc: 1 }, 'EIO'],
      ['is cut off', { name: 'a', deflate: true, bytes: 3, stored: cutOff('new') }, 'EIO'],
      [
        'has more in it than it says',
        { name: 'a', deflate: true, bytes: 1000, stored: deflateSync(huge) },
        'EIO',
      ],
      ['has no room', { name: 'a', content: huge }, 'ENOSPC'],
    ])('%s', async (_title, part, expected) => {
      const volume = MemoryVolume.from({ a: old }, { maxBytes: 1 << 20 });
      const before = volume.usage();
      const zip = writeZip([part]);
      expect(await refusal(() => importZip(volume, zip))).toBe(expected);
      expect(contentOf(volume, 'a')).toBe(old);
      expect(volume.usage()).toEqual(before);
      const empty = new MemoryVolume({ maxBytes: 1000 });
      expect(await refusal(() => importZip(empty, zip))).toBe(expected);
      expect(empty.usage()).toEqual({ bytes: 0, inodes: 1 });
    });

    it('is a link that the volume does not take', async () => {
      const volume = MemoryVolume.from({ a: old });
      const before = volume.usage();
      volume.createSymlink = () => {
        throw new FileError('ENOTSUP');
      };
      const zip = writeZip([{ name: 'a', content: 'target', mode: LINK }]);
      expect(await refusal(() => importZip(volume, zip))).toBe('ENOTSUP');
      expect(contentOf(volume, 'a')).toBe(old);
      expect(volume.usage()).toEqual(before);
    });
  });

  it('leaves the old content to those who have it open, and to its other names', async () => {
    const volume = MemoryVolume.from({ a: 'old' });
    const open = volume.lookup(volume.root, 'a') ?? volume.root;
    volume.retain(open);
    volume.link(open, volume.root, 'b');
    await importZip(volume, writeZip([{ name: 'a', content: 'new' }]));
    expect(contentOf(volume, 'a')).toBe('new');
    expect(contentOf(volume, 'b')).toBe('old');
    expect(string(volume.read(open, 0, 100))).toBe('old');
  });

  it('puts a link in the place of a file or link', async () => {
    const volume = MemoryVolume.from({ a: 'old' });
    volume.createSymlink(volume.root, 'b', 'elsewhere');
    const names = ['a', 'b'];
    await importZip(
      volume,
      writeZip(names.map((name) => ({ name, content: 'target', mode: LINK }))),
    );
    for (const name of names) {
      expect(volume.readLink(volume.lookup(volume.root, name) ?? volume.root)).toBe('target');
    }
    expect(volume.usage().inodes).toBe(3);
  });

  it.each<[string, ZipPart, string]>([
    ['a directory in the place of a file', { name: 'file/' }, 'EEXIST'],
    ['a directory in the place of a link', { name: 'link/' }, 'EEXIST'],
    ['a file below a file', { name: 'file/inner', content: 'x' }, 'EEXIST'],
    ['a file below a link', { name: 'link/inner', content: 'x' }, 'EEXIST'],
    ['a file in the place of a directory', { name: 'folder', content: 'x' }, 'EEXIST'],
    ['a file in the place of a link', { name: 'link', content: 'x' }, 'EEXIST'],
    ['a link in the place of a directory', { name: 'folder', content: 'x', mode: LINK }, 'EEXIST'],
    ['a directory in the place of a directory', { name: 'folder/' }, 'done'],
  ])('follows no link of the volume: %s', async (_title, part, expected) => {
    const volume = MemoryVolume.from({ file: 'file', 'folder/inner': 'kept', 'outside/': null });
    volume.createSymlink(volume.root, 'link', 'outside');
    const before = volume.usage();
    expect(await refusal(() => importZip(volume, writeZip([part])))).toBe(expected);
    expect(volume.usage()).toEqual(before);
    expect(contentOf(volume, 'file')).toBe('file');
    expect(volume.readLink(volume.lookup(volume.root, 'link') ?? volume.root)).toBe('outside');
    const outside = volume.lookup(volume.root, 'outside') ?? volume.root;
    expect(volume.list(outside, 0, 10)).toEqual([]);
  });

  it('takes in a tree as deep as an archive can have it', async () => {
    const volume = new MemoryVolume();
    let directory = volume.root;
    for (let depth = 0; depth < 2048; depth++) directory = volume.createDirectory(directory, 'd');
    const copy = new MemoryVolume();
    await importZip(copy, await bytesOf(await exportZipBlob(volume)));
    expect(copy.usage()).toEqual(volume.usage());
  });
});
