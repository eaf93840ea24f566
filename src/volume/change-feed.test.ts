import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { text } from '../testing/volume-helpers';
import { MemoryVolume } from './memory-volume';

describe('who watches a volume', () => {
  let volume: MemoryVolume;
  let told: string[];

  beforeEach(() => {
    vi.useFakeTimers();
    volume = MemoryVolume.from({ file: 'text', 'folder/': null });
    told = [];
    volume.watch((changes) => {
      told.push(...changes.map(({ kind, path }) => `${kind} ${path}`));
    });
  });
  afterEach(() => vi.useRealTimers());

  const found = (name: string) => volume.lookup(volume.root, name) ?? volume.root;
  const wait = () => vi.advanceTimersByTimeAsync(50);

  it('does not make each write to a file dearer by all of its names', async () => {
    const file = found('file');
    const folder = found('folder');
    for (let index = 0; index < 20_000; index++) volume.link(file, folder, `${index}`);
    await wait();
    told = [];
    const started = process.hrtime.bigint();
    for (let index = 0; index < 1000; index++) volume.write(file, index, text('x'));
    expect(process.hrtime.bigint() - started).toBeLessThan(1_000_000_000n);
    await wait();
    expect(told).toHaveLength(20_001);
    expect(new Set(told).size).toBe(20_001);
  });

  it('hears of a file that was written to and renamed under its new name only', async () => {
    volume.write(found('file'), 0, text('x'));
    volume.rename(volume.root, 'file', volume.root, 'renamed');
    await wait();
    expect(told).toEqual(['removed /file', 'created /renamed']);
  });

  it('hears nothing of a file that was written to and removed but that it is gone', async () => {
    volume.write(found('file'), 0, text('x'));
    volume.unlink(volume.root, 'file');
    await wait();
    expect(told).toEqual(['removed /file']);
  });

  it('hears nothing of what came and went in between', async () => {
    volume.write(volume.createFile(volume.root, 'passing'), 0, text('x'));
    volume.unlink(volume.root, 'passing');
    await wait();
    expect(told).toEqual([]);
  });

  it('hears of what went, even if something came in its place and went, too', async () => {
    volume.unlink(volume.root, 'file');
    volume.createFile(volume.root, 'file');
    volume.unlink(volume.root, 'file');
    volume.createFile(volume.root, 'new');
    volume.rename(volume.root, 'new', volume.root, 'folder2');
    await wait();
    expect(told).toEqual(['removed /file', 'created /folder2']);
    told = [];
    volume.createFile(volume.root, 'new');
    volume.rename(volume.root, 'new', volume.root, 'folder2');
    volume.unlink(volume.root, 'folder2');
    await wait();
    expect(told).toEqual(['removed /folder2']);
  });

  it('is told again after a while in which nothing was to be told', async () => {
    volume.createDirectory(volume.root, 'passing');
    volume.removeDirectory(volume.root, 'passing');
    await wait();
    volume.write(found('file'), 0, text('x'));
    await wait();
    expect(told).toEqual(['changed /file']);
  });
});
