import { describe, expect, it } from 'vitest';
import { refusal, string, text } from '../testing/volume-helpers';
import { MemoryVolume } from './memory-volume';
import { VolumeFiles } from './volume-files';
import { ZipError } from './zip-error';
import { exportZip, exportZipBlob, importZip } from './zip-transfer';
import { ZipVolume } from './zip-volume';

async function bytesOf(blob: Blob): Promise<Uint8Array> {
  return new Uint8Array(await blob.arrayBuffer());
}

describe('a volume that goes out as a zip and comes in again', () => {
  it('is the same', async () => {
    const large = new Uint8Array(3_000_000).map((_, index) => index % 251);
    const volume = MemoryVolume.from({
      'a/b.txt': 'text',
      'a/é.txt': '',
      'empty/': null,
      large,
    });
    volume.createSymlink(volume.root, 'link', 'a/b.txt');
    const b = volume.lookup(volume.root, 'large') ?? volume.root;
    volume.setTimes(b, { modifiedNs: 1_600_000_000_000_000_000n });

    const zip = await exportZipBlob(volume);
    expect(zip.type).toBe('application/zip');
    const copy = new MemoryVolume();
    await importZip(copy, zip);
    const files = new VolumeFiles(copy);
    expect((await files.list()).map(({ name }) => name)).toEqual(['a', 'empty', 'large', 'link']);
    expect(await files.readText('a/b.txt')).toBe('text');
    expect((await files.stat('a/é.txt')).size).toBe(0);
    expect(Buffer.compare(await files.read('large'), large)).toBe(0);
    expect((await files.stat('large')).modifiedMs).toBe(1_600_000_000_000);
    expect(await files.readLink('link')).toBe('a/b.txt');
  });

  it('may be a folder of it, and come into a folder', async () => {
    const volume = MemoryVolume.from({
      'in/a': 'new',
      'in/sub/b': 'b',
      'to/a': 'old',
      'to/c': 'c',
    });
    const files = new VolumeFiles(volume);
    const folder = volume.lookup(volume.root, 'in') ?? volume.root;
    const target = volume.lookup(volume.root, 'to') ?? volume.root;
    await importZip(volume, await bytesOf(await exportZipBlob(volume, folder)), target);
    expect((await files.list('to')).map(({ name }) => name)).toEqual(['a', 'c', 'sub']);
    expect(await files.readText('to/a')).toBe('new');
    expect(await files.readText('to/sub/b')).toBe('b');
  });

  it('is read by others: here as a volume of its own', async () => {
    const volume = MemoryVolume.from({ 'a/b': 'text' });
    const zip = ZipVolume.from(await bytesOf(await exportZipBlob(volume)));
    expect(await new VolumeFiles(zip).readText('a/b')).toBe('text');
  });
});

describe('exportZip', () => {
  it('reads no faster than it is read', async () => {
    const noise = crypto.getRandomValues(new Uint8Array(65_536));
    const large = new Uint8Array(20 << 20).map((_, index) => noise[(index * 7919) % 65_521] ?? 0);
    const volume = MemoryVolume.from({ large });
    let bytesRead = 0;
    const { read } = volume;
    volume.read = (...args) => {
      const bytes = read.apply(volume, args);
      bytesRead += bytes.length;
      return bytes;
    };
    const reader = exportZip(volume).getReader();
    await reader.read();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(bytesRead).toBeLessThan(8 << 20);
    await reader.cancel();
    const before = bytesRead;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(bytesRead).toBe(before);
  });

  it('fails as a stream when the volume does', async () => {
    const volume = MemoryVolume.from({ a: 'text' });
    volume.read = () => {
      throw new Error('broken');
    };
    await expect(new Response(exportZip(volume)).arrayBuffer()).rejects.toThrow();
  });
});

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
});
