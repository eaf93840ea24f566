import { describe, expect, it } from 'vitest';
import { MemoryVolume } from './memory-volume';
import type { Inode, Volume } from './volume';
import { VolumeFiles } from './volume-files';
import { ZipError } from './zip-error';
import { exportZip, exportZipBlob } from './zip-export';
import { importZip } from './zip-import';
import { checkZipContent, ZipRoom } from './zip-room';
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

describe('exportZip ends with a typed error before it makes an archive that can not be read:', () => {
  async function refusalOf(volume: Volume): Promise<string> {
    try {
      await new Response(exportZip(volume)).arrayBuffer();
      return 'done';
    } catch (reason) {
      if (reason instanceof ZipError) return `${reason.code} ${reason.entry?.length}`;
      throw reason;
    }
  }

  function deep(depth: number, name = 'd'): MemoryVolume {
    const volume = new MemoryVolume({ maxNameBytes: 100_000 });
    let directory = volume.root;
    for (let count = 0; count < depth; count++) directory = volume.createDirectory(directory, name);
    return volume;
  }

  it('more than 65,534 entries', async () => {
    const volume = new MemoryVolume();
    const room = new ZipRoom();
    for (let index = 0; index < 65_534; index++) {
      volume.createDirectory(volume.root, `${index}`);
      room.enter(`${index}`);
    }
    expect(() => room.enter('one more')).toThrow(ZipError);
    volume.createDirectory(volume.root, 'one more');
    expect(await refusalOf(volume)).toMatch('zip-limit');
  }, 30_000);

  it('a path of more than 4096 bytes, however deep', async () => {
    expect(await refusalOf(deep(2048))).toBe('done');
    // With the slash that marks a directory.
    expect(await refusalOf(deep(2049))).toBe('zip-name 4098');
    expect(await refusalOf(deep(20_000))).toBe('zip-name 4098');
  });

  it('a name of more than 255 bytes, even of more than 65,535', async () => {
    expect(await refusalOf(deep(1, 'n'.repeat(255)))).toBe('done');
    expect(await refusalOf(deep(1, 'n'.repeat(256)))).toBe('zip-name 257');
    expect(await refusalOf(deep(1, 'n'.repeat(70_000)))).toBe('zip-name 70001');
  });

  it('a file of 4 GiB', async () => {
    const volume = new MemoryVolume({ maxBytes: Number.POSITIVE_INFINITY });
    volume.truncate(volume.createFile(volume.root, 'sparse'), 2 ** 32);
    expect(await refusalOf(volume)).toBe('zip-limit 6');
    expect(() => checkZipContent(2 ** 32 - 1, 'file')).toThrow(ZipError);
    checkZipContent(2 ** 32 - 2, 'file');
  });

  it('an archive of 4 GiB', () => {
    const room = new ZipRoom();
    room.enter('file');
    room.add(2 ** 32 - 100, 'file');
    expect(() => room.add(100, 'file')).toThrow(ZipError);
  });
});

describe('exportZip, while a guest goes on,', () => {
  /** Everything after the first part of the archive is made after the change. */
  async function exported(volume: MemoryVolume, change: () => void): Promise<ZipVolume> {
    const reader = exportZip(volume).getReader();
    const parts: Uint8Array<ArrayBuffer>[] = [];
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      if (parts.length === 0) change();
      parts.push(value.slice());
    }
    return ZipVolume.from(await bytesOf(new Blob(parts)));
  }

  const noise = new Uint8Array(5 << 20);
  for (let at = 0; at < noise.length; at += 65_536) {
    crypto.getRandomValues(noise.subarray(at, at + 65_536));
  }
  const found = (volume: Volume, name: string) => volume.lookup(volume.root, name) as Inode;

  it('has the whole of a file that is removed while it is read', async () => {
    const volume = MemoryVolume.from({ large: noise });
    const zip = await exported(volume, () => volume.unlink(volume.root, 'large'));
    expect(zip.attributes(found(zip, 'large')).size).toBe(noise.length);
    expect(volume.usage()).toEqual({ bytes: 0, inodes: 1 });
  });

  it('leaves out what is removed before its turn comes', async () => {
    const volume = MemoryVolume.from({ 'c/d': 'x', b: 'b', a: noise });
    const zip = await exported(volume, () => {
      volume.unlink(found(volume, 'c'), 'd');
      volume.removeDirectory(volume.root, 'c');
      volume.unlink(volume.root, 'b');
    });
    expect(zip.list(zip.root, 0, 10).map(({ name }) => name)).toEqual(['a']);
  });

  it('fails if the volume is closed, and does not end as a shorter archive', async () => {
    const volume = MemoryVolume.from({ c: 'c', b: 'b', a: noise });
    await expect(exported(volume, () => volume.close())).rejects.toThrow('ESTALE');
  });
});
