import { describe, expect, it } from 'vitest';
import { refusal, string, text } from '../testing/volume-helpers';
import { MemoryVolume } from './memory-volume';
import { ZipError } from './zip-error';
import { exportZipBlob } from './zip-export';
import { importZip } from './zip-import';

async function bytesOf(blob: Blob): Promise<Uint8Array> {
  return new Uint8Array(await blob.arrayBuffer());
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

  it('takes in a tree as deep as an archive can have it', async () => {
    const volume = new MemoryVolume();
    let directory = volume.root;
    for (let depth = 0; depth < 2048; depth++) directory = volume.createDirectory(directory, 'd');
    const copy = new MemoryVolume();
    await importZip(copy, await bytesOf(await exportZipBlob(volume)));
    expect(copy.usage()).toEqual(volume.usage());
  });
});
