import { execFileSync, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeVolumeContract } from '../testing/volume-contract';
import { refusal, string, text } from '../testing/volume-helpers';
import type { Inode } from '../volume/volume';
import { HostDirectoryError } from './host-directory-error';
import { HostDirectoryVolume } from './host-directory-volume';

/** In this order there is nothing left that closing would have to make durable, which takes long. */
function removeAndClose(folder: string, volume: HostDirectoryVolume): void {
  fs.rmSync(folder, { recursive: true, force: true });
  volume.close();
}

for (const anchored of [true, false]) {
  const way = anchored ? 'through /proc/self/fd' : 'by paths';
  describeVolumeContract(`HostDirectoryVolume ${way}`, () => {
    const folder = fs.mkdtempSync(join(tmpdir(), 'glovebox-volume-'));
    const volume = HostDirectoryVolume.open(folder, { writable: true, anchored });
    return { volume, dispose: () => removeAndClose(folder, volume) };
  });

  describe(`HostDirectoryVolume ${way}`, () => {
    let base: string;
    let inside: string;
    let volume: HostDirectoryVolume;

    beforeEach(() => {
      base = fs.mkdtempSync(join(tmpdir(), 'glovebox-volume-'));
      inside = join(base, 'inside');
      fs.mkdirSync(inside);
      fs.mkdirSync(join(base, 'outside'));
      fs.writeFileSync(join(base, 'outside', 'secret'), 'secret');
      volume = HostDirectoryVolume.open(inside, { writable: true, anchored });
    });
    afterEach(() => removeAndClose(base, volume));

    const at = (directory: Inode, name: string): Inode => {
      const inode = volume.lookup(directory, name);
      if (inode === undefined) throw new Error(`no ${name}`);
      return inode;
    };

    it('shows what is in the folder, and what others change in it', () => {
      fs.mkdirSync(join(inside, 'dir'));
      fs.writeFileSync(join(inside, 'dir', 'file'), 'one');
      const file = at(at(volume.root, 'dir'), 'file');
      expect(string(volume.read(file, 0, 10))).toBe('one');
      fs.writeFileSync(join(inside, 'dir', 'file'), 'other');
      expect(string(volume.read(file, 0, 10))).toBe('other');
      fs.unlinkSync(join(inside, 'dir', 'file'));
      expect(() => volume.read(file, 0, 10)).toThrow('ESTALE');
    });

    it('shows symbolic links as links, and follows none', async () => {
      fs.symlinkSync('../outside', join(inside, 'relative'));
      fs.symlinkSync(join(base, 'outside', 'secret'), join(inside, 'absolute'));
      const relative = at(volume.root, 'relative');
      const absolute = at(volume.root, 'absolute');
      expect(volume.attributes(relative).kind).toBe('symlink');
      expect(volume.readLink(relative)).toBe('../outside');
      expect(volume.readLink(absolute)).toBe(join(base, 'outside', 'secret'));
      expect(await refusal(() => volume.lookup(relative, 'secret'))).toBe('ENOTDIR');
      expect(await refusal(() => volume.list(relative, 0, 10))).toBe('ENOTDIR');
      expect(await refusal(() => volume.createFile(relative, 'x'))).toBe('ENOTDIR');
      expect(await refusal(() => volume.read(absolute, 0, 10))).toBe('EINVAL');
      expect(await refusal(() => volume.truncate(absolute, 0))).toBe('EINVAL');
      volume.setTimes(absolute, { modifiedNs: 0n });
      volume.link(absolute, volume.root, 'second');
      volume.unlink(volume.root, 'absolute');
      expect(volume.readLink(at(volume.root, 'second'))).toBe(join(base, 'outside', 'secret'));
      expect(fs.readFileSync(join(base, 'outside', 'secret'), 'utf8')).toBe('secret');
      expect(fs.statSync(join(base, 'outside', 'secret')).mtimeMs).toBeGreaterThan(0);
    });

    it('refuses a directory or file that another process has swapped for a link', async () => {
      fs.mkdirSync(join(inside, 'dir'));
      fs.writeFileSync(join(inside, 'dir', 'secret'), 'harmless');
      fs.writeFileSync(join(inside, 'file'), 'harmless');
      const dir = at(volume.root, 'dir');
      const secret = at(dir, 'secret');
      const file = at(volume.root, 'file');
      fs.renameSync(join(inside, 'dir'), join(inside, 'moved'));
      fs.symlinkSync('../outside', join(inside, 'dir'));
      fs.unlinkSync(join(inside, 'file'));
      fs.symlinkSync('../outside/secret', join(inside, 'file'));

      expect(await refusal(() => volume.read(file, 0, 10))).toBe('ESTALE');
      expect(await refusal(() => volume.write(file, 0, text('x')))).toBe('ESTALE');
      // An open directory is the same directory wherever it is moved; a path is no path any more.
      if (anchored) expect(string(volume.read(secret, 0, 10))).toBe('harmless');
      else expect(await refusal(() => volume.read(secret, 0, 10))).toBe('ESTALE');
      expect(await refusal(() => volume.createFile(dir, 'new'))).toBe(anchored ? 'done' : 'ESTALE');
      expect(fs.readdirSync(join(base, 'outside'))).toEqual(['secret']);
    });

    it('never gets outside while another process keeps swapping a directory for a link', async () => {
      // By paths this is not defended.
      if (!anchored) return;
      fs.mkdirSync(join(inside, 'dir'));
      fs.writeFileSync(join(inside, 'dir', 'secret'), 'harmless');
      const swap = `
        const fs = require('fs');
        for (const end = Date.now() + 700; Date.now() < end; ) {
          fs.renameSync('dir', '../kept');
          fs.symlinkSync('../outside', 'dir');
          fs.unlinkSync('dir');
          fs.renameSync('../kept', 'dir');
        }
        fs.writeFileSync('done', '');
      `;
      const process = spawn('node', ['-e', swap], { cwd: inside, stdio: 'inherit' });
      const ended = new Promise((resolve) => process.once('exit', resolve));
      const seen = new Map<string, number>();
      const count = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1);
      // A new volume each time: none has the directory open from before.
      while (!fs.existsSync(join(inside, 'done'))) {
        const fresh = HostDirectoryVolume.open(inside, { writable: true, anchored });
        const reading = await refusal(() => {
          const dir = fresh.lookup(fresh.root, 'dir');
          if (dir === undefined) return;
          if (fresh.attributes(dir).kind === 'symlink') return count('link');
          const file = fresh.lookup(dir, 'secret');
          if (file !== undefined) count(string(fresh.read(file, 0, 10)));
          fresh.createFile(dir, 'made');
          fresh.unlink(dir, 'made');
        });
        count(reading);
        fresh.close();
      }
      expect(await ended).toBe(0);
      expect(seen.get('harmless')).toBeGreaterThan(0);
      expect(seen.has('secret')).toBe(false);
      expect(fs.readdirSync(join(base, 'outside'))).toEqual(['secret']);
    });

    it('does not let names climb or reach further down', async () => {
      for (const name of ['..', '.', '../outside', 'a/../../outside', '/etc', '', 'x\0y']) {
        expect(volume.lookup(volume.root, name)).toBeUndefined();
        expect(await refusal(() => volume.createDirectory(volume.root, name))).toBe('EINVAL');
        expect(await refusal(() => volume.removeDirectory(volume.root, name))).toBe('EINVAL');
        const moved = () => volume.rename(volume.root, name, volume.root, 'here');
        expect(await refusal(moved)).toBe('EINVAL');
      }
      volume.createFile(volume.root, 'file');
      const out = () => volume.rename(volume.root, 'file', volume.root, '../outside/file');
      expect(await refusal(out)).toBe('EINVAL');
      expect(fs.readdirSync(base).sort()).toEqual(['inside', 'outside']);
    });

    it('makes no link that could lead a program of the host out of the folder', async () => {
      for (const target of ['/etc/passwd', '..', '../outside', 'a/../../outside', 'a/..']) {
        expect(await refusal(() => volume.createSymlink(volume.root, 'l', target))).toBe('EPERM');
      }
      volume.createSymlink(volume.root, 'l', 'a..b/c..');
      expect(fs.readdirSync(inside)).toEqual(['l']);
    });

    it('does not show pipes, nor names that are not UTF-8, nor lose them', async () => {
      execFileSync('mkfifo', [join(inside, 'pipe')]);
      fs.writeFileSync(Buffer.concat([Buffer.from(`${inside}/bad`), Buffer.from([0xff])]), 'x');
      volume.createFile(volume.root, 'file');
      expect(volume.list(volume.root, 0, 10).map((entry) => entry.name)).toEqual(['file']);
      expect(volume.lookup(volume.root, 'pipe')).toBeUndefined();
      expect(await refusal(() => volume.unlink(volume.root, 'pipe'))).toBe('ENOENT');
      expect(await refusal(() => volume.createFile(volume.root, 'pipe'))).toBe('EEXIST');
      const over = () => volume.rename(volume.root, 'file', volume.root, 'pipe');
      expect(await refusal(over)).toBe('EEXIST');
      expect(fs.readdirSync(inside)).toHaveLength(3);
    });

    it('reaches a file far down, and keeps few of the directories on the way open', () => {
      let directory = volume.root;
      for (let depth = 0; depth < (anchored ? 300 : 30); depth++) {
        directory = volume.createDirectory(directory, 'deeper');
      }
      const file = volume.createFile(directory, 'file');
      volume.write(file, 0, text('deep'));
      expect(string(volume.read(file, 0, 10))).toBe('deep');
      volume.attributes(volume.root);
      if (anchored) expect(fs.readdirSync('/proc/self/fd').length).toBeLessThan(200);
    });

    it('is read-only unless it was opened to be written to', async () => {
      fs.writeFileSync(join(inside, 'file'), 'x');
      const readOnly = HostDirectoryVolume.open(inside, { anchored });
      const { root } = readOnly;
      const file = readOnly.lookup(root, 'file') ?? root;
      const changes = [
        () => readOnly.createFile(root, 'new'),
        () => readOnly.createDirectory(root, 'new'),
        () => readOnly.createSymlink(root, 'new', 'x'),
        () => readOnly.link(file, root, 'new'),
        () => readOnly.unlink(root, 'file'),
        () => readOnly.removeDirectory(root, 'file'),
        () => readOnly.rename(root, 'file', root, 'new'),
        () => readOnly.write(file, 0, text('y')),
        () => readOnly.truncate(file, 0),
        () => readOnly.setTimes(file, { modifiedNs: 1n }),
      ];
      for (const change of changes) expect(await refusal(change)).toBe('EROFS');
      expect(readOnly.readOnly).toBe(true);
      readOnly.close();
      expect(fs.readdirSync(inside)).toEqual(['file']);
      expect(fs.readFileSync(join(inside, 'file'), 'utf8')).toBe('x');
    });

    it('closes every descriptor that it opened', () => {
      if (!anchored) return;
      const before = fs.readdirSync('/proc/self/fd').length;
      const other = HostDirectoryVolume.open(inside, { writable: true });
      const directory = other.createDirectory(other.root, 'dir');
      const file = other.createFile(directory, 'file');
      other.retain(file);
      other.retain(directory);
      other.write(file, 0, text('x'));
      other.unlink(directory, 'file');
      other.close();
      expect(fs.readdirSync('/proc/self/fd')).toHaveLength(before);
    });
  });
}

describe('HostDirectoryVolume.open', () => {
  it('says what is wrong with the path', () => {
    const folder = fs.mkdtempSync(join(tmpdir(), 'glovebox-volume-'));
    fs.writeFileSync(join(folder, 'file'), '');
    const codeFor = (path: string) => {
      try {
        HostDirectoryVolume.open(path);
      } catch (reason) {
        return reason instanceof HostDirectoryError ? [reason.code, reason.path] : reason;
      }
      return 'opened';
    };
    const missing = join(folder, 'missing');
    const file = join(folder, 'file');
    expect(codeFor(missing)).toEqual(['host-directory-missing', missing]);
    expect(codeFor(file)).toEqual(['host-directory-not-a-directory', file]);
    expect(codeFor('a\0b')).toEqual(['host-directory-unreadable', 'a\0b']);
    fs.rmSync(folder, { recursive: true });
  });
});
