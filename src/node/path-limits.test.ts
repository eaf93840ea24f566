/** The limits of paths are the sandbox's own: the same whatever volume is mounted. */
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ControllerHarness, ROOT_FD } from '../testing/controller-harness';
import { MemoryVolume } from '../volume/memory-volume';
import { OverlayVolume } from '../volume/overlay-volume';
import type { Volume } from '../volume/volume';
import { HostDirectoryVolume } from './host-directory-volume';

const fd = ROOT_FD;
/** Links are followed. */
const lookup = 1;
let folder: string;

beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'glovebox-volume-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

const stores: Record<string, () => Volume | Promise<Volume>> = {
  memory: () => new MemoryVolume(),
  'an overlay': () => OverlayVolume.over(MemoryVolume.from({}, { readOnly: true })),
  'a host directory': () => HostDirectoryVolume.open(folder, { writable: true }),
};

describe.each(Object.entries(stores))('in %s', (_title, open) => {
  test('a path of 4096 bytes leads to its file, and one more is ENAMETOOLONG', async () => {
    const world = await ControllerHarness.open({ mounts: { '/m': await open() } });
    await world.call('path_create_directory', { fd, path: 'm/folder' });
    const longest = `m/${'/'.repeat(4088)}folder`;
    expect(longest).toHaveLength(4096);
    expect(await world.errno('path_filestat_get', { fd, lookup, path: longest })).toBe('SUCCESS');
    for (const path of [`${longest}/`, `${longest}/${'é'.repeat(2000)}`]) {
      const calls = [
        world.errno('path_filestat_get', { fd, lookup, path }),
        world.errno('path_create_directory', { fd, path }),
        world.errno('path_unlink_file', { fd, path }),
        world.errno('path_remove_directory', { fd, path }),
        world.errno('path_rename', { fd, path, toFd: fd, toPath: 'm/other' }),
        world.errno('path_rename', { fd, path: 'm/folder', toFd: fd, toPath: path }),
        world.errno('path_symlink', { target: 'x', fd, path }),
      ];
      for (const errno of await Promise.all(calls)) expect(errno).toBe('ENAMETOOLONG');
    }
  });

  test('a name of 255 bytes is made and found, and one more is ENAMETOOLONG', async () => {
    const world = await ControllerHarness.open({ mounts: { '/m': await open() } });
    const name = `${'é'.repeat(127)}n`;
    expect(await world.errno('path_create_directory', { fd, path: `m/${name}` })).toBe('SUCCESS');
    const path = `m/${name}n`;
    expect(await world.errno('path_create_directory', { fd, path })).toBe('ENAMETOOLONG');
    expect(await world.errno('path_filestat_get', { fd, lookup, path })).toBe('ENAMETOOLONG');
    const toPath = path;
    const rename = { fd, path: `m/${name}`, toFd: fd, toPath };
    expect(await world.errno('path_rename', rename)).toBe('ENAMETOOLONG');
  });

  test('a link whose target is too long is ENAMETOOLONG', async () => {
    const world = await ControllerHarness.open({ mounts: { '/m': await open() } });
    const link = (length: number) =>
      world.errno('path_symlink', { target: 't'.repeat(length), fd, path: 'm/link' });
    expect(await link(4096)).toBe('ENAMETOOLONG');
    expect(await link(4095)).toBe('SUCCESS');
  });
});
