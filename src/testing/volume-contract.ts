/** What every writable volume must do: one body of tests, run for each store. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Maybe } from '../protocol/maybe';
import type { DirectoryEntry, Inode, Volume } from '../volume/volume';
import { refusal, string, text } from './volume-helpers';

export interface VolumeUnderTest {
  readonly volume: Volume;
  /** Closes the volume and takes away what it was made of. */
  dispose(): Maybe<void>;
}

export function describeVolumeContract(title: string, open: () => Maybe<VolumeUnderTest>): void {
  describe(`${title} keeps the contract of volumes:`, () => {
    let opened: VolumeUnderTest;
    let volume: Volume;
    let root: Inode;

    beforeEach(async () => {
      opened = await open();
      volume = opened.volume;
      root = volume.root;
    });
    afterEach(() => opened.dispose());

    const fileWith = async (name: string, content: string, directory = root): Promise<Inode> => {
      const inode = await volume.createFile(directory, name);
      await volume.write(inode, 0, text(content));
      return inode;
    };
    const contentOf = async (inode: Inode) => string(await volume.read(inode, 0, 1 << 20));
    const namesIn = async (directory: Inode) =>
      (await volume.list(directory, 0, 1000)).map((entry) => entry.name).sort();

    describe('names', () => {
      it('lead to what was created, and to nothing else', async () => {
        const file = await volume.createFile(root, 'file');
        const directory = await volume.createDirectory(root, 'directory');
        expect(await volume.lookup(root, 'file')).toBe(file);
        expect(await volume.lookup(root, 'directory')).toBe(directory);
        expect(await volume.lookup(root, 'other')).toBeUndefined();
        expect(await refusal(() => volume.lookup(file, 'x'))).toBe('ENOTDIR');
      });

      it('of one component only are made', async () => {
        for (const name of ['', '.', '..', 'a/b', 'a\0b', '/a']) {
          expect(await refusal(() => volume.createFile(root, name))).toBe('EINVAL');
          expect(await refusal(() => volume.createDirectory(root, name))).toBe('EINVAL');
          expect(await refusal(() => volume.unlink(root, name))).toBe('EINVAL');
        }
        expect(await refusal(() => volume.createFile(root, '\ud800'))).toBe('EILSEQ');
        expect(await namesIn(root)).toEqual([]);
      });

      it('may have 255 bytes of UTF-8 and no more', async () => {
        await volume.createFile(root, 'n'.repeat(255));
        await volume.createFile(root, `${'é'.repeat(127)}n`);
        for (const name of ['n'.repeat(256), 'é'.repeat(128), '😀'.repeat(64)]) {
          expect(await refusal(() => volume.createFile(root, name))).toBe('ENAMETOOLONG');
          expect(await refusal(() => volume.lookup(root, name))).toBe('ENAMETOOLONG');
        }
      });

      it('that are too long are refused by every call that takes one', async () => {
        const file = await volume.createFile(root, 'file');
        const long = 'n'.repeat(256);
        const calls = [
          () => volume.lookup(root, long),
          () => volume.createFile(root, long),
          () => volume.createDirectory(root, long),
          () => volume.createSymlink(root, long, 'x'),
          () => volume.link(file, root, long),
          () => volume.unlink(root, long),
          () => volume.removeDirectory(root, long),
          () => volume.rename(root, 'file', root, long),
          () => volume.rename(root, long, root, 'file'),
        ];
        for (const call of calls) expect(await refusal(call)).toBe('ENAMETOOLONG');
        expect(await namesIn(root)).toEqual(['file']);
      });

      it('are not taken twice', async () => {
        const file = await volume.createFile(root, 'taken');
        expect(await refusal(() => volume.createFile(root, 'taken'))).toBe('EEXIST');
        expect(await refusal(() => volume.createDirectory(root, 'taken'))).toBe('EEXIST');
        expect(await refusal(() => volume.createSymlink(root, 'taken', 'x'))).toBe('EEXIST');
        expect(await refusal(() => volume.link(file, root, 'taken'))).toBe('EEXIST');
      });
    });

    describe('content', () => {
      it('reads back what was written, and ends at the end of the file', async () => {
        const file = await fileWith('file', 'hello world');
        expect(string(await volume.read(file, 6, 100))).toBe('world');
        expect(await volume.read(file, 11, 5)).toHaveLength(0);
        expect(await volume.read(file, 5000, 5)).toHaveLength(0);
        await volume.write(file, 0, text('J'));
        expect(await contentOf(file)).toBe('Jello world');
      });

      it('fills a gap with zeros, and so does growing', async () => {
        const file = await fileWith('file', 'ab');
        await volume.write(file, 4, text('c'));
        await volume.truncate(file, 6);
        expect([...(await volume.read(file, 0, 9))]).toEqual([97, 98, 0, 0, 99, 0]);
      });

      it('is gone after shrinking, even if the file grows again', async () => {
        const file = await fileWith('file', 'secret');
        await volume.truncate(file, 1);
        await volume.truncate(file, 4);
        expect([...(await volume.read(file, 0, 9))]).toEqual([115, 0, 0, 0]);
      });

      it('of several hundred KiB survives writes across every boundary', async () => {
        const file = await volume.createFile(root, 'large');
        const expected = new Uint8Array(700_001);
        for (let at = 0; at < expected.length; at += 9973) {
          const piece = new Uint8Array(Math.min(9973, expected.length - at)).fill(at % 251);
          expected.set(piece, at);
          await volume.write(file, at, piece);
        }
        expect((await volume.attributes(file)).size).toBe(expected.length);
        const whole = await volume.read(file, 0, expected.length);
        expect(Buffer.compare(whole, expected)).toBe(0);
        const part = await volume.read(file, 262_000, 300);
        expect(Buffer.compare(part, expected.subarray(262_000, 262_300))).toBe(0);
      });

      it('is as it should be in memory that somebody lends, whatever lay there', async () => {
        const file = await fileWith('file', 'start');
        const size = 2_200_000;
        await volume.write(file, 1_048_570, text('across the boundary'));
        await volume.truncate(file, size);
        const expected = new Uint8Array(size);
        expected.set(text('start'));
        expected.set(text('across the boundary'), 1_048_570);
        const lent = new Uint8Array(1_048_576);
        for (const [offset, length] of [
          [0, 300_000],
          [262_000, 300_000],
          [1_000_000, 1_000_000],
          [size - 400_000, 1_000_000],
        ] as const) {
          lent.fill(0xee);
          const read = await volume.read(file, offset, length, (most) => lent.subarray(0, most));
          expect(Buffer.compare(read, expected.subarray(offset, offset + length))).toBe(0);
        }
      });

      it('is refused far out, without taking room', async () => {
        const file = await fileWith('file', 'x');
        for (const offset of [2 ** 52, Number.MAX_SAFE_INTEGER - 1]) {
          expect(await refusal(() => volume.write(file, offset, text('y')))).toBe('EFBIG');
          expect(await refusal(() => volume.truncate(file, offset))).toBe('EFBIG');
        }
        expect((await volume.attributes(file)).size).toBe(1);
      });

      it('belongs to files alone', async () => {
        const link = await volume.createSymlink(root, 'link', 'x');
        expect(await refusal(() => volume.read(root, 0, 1))).toBe('EISDIR');
        expect(await refusal(() => volume.write(root, 0, text('x')))).toBe('EISDIR');
        expect(await refusal(() => volume.truncate(root, 0))).toBe('EISDIR');
        expect(await refusal(() => volume.read(link, 0, 1))).toBe('EINVAL');
        expect(await refusal(() => volume.write(link, 0, text('x')))).toBe('EINVAL');
      });
    });

    describe('links', () => {
      it('give a file several names, and removing one leaves the others', async () => {
        const file = await fileWith('one', 'same');
        await volume.link(file, root, 'two');
        expect((await volume.attributes(file)).links).toBe(2);
        await volume.unlink(root, 'one');
        expect((await volume.attributes(file)).links).toBe(1);
        expect(await volume.lookup(root, 'two')).toBe(file);
        expect(await contentOf(file)).toBe('same');
      });

      it('are refused for directories', async () => {
        const directory = await volume.createDirectory(root, 'directory');
        expect(await refusal(() => volume.link(directory, root, 'other'))).toBe('EPERM');
      });

      it('that are symbolic keep their target as text', async () => {
        const link = await volume.createSymlink(root, 'link', 'some/where/é');
        expect(await volume.readLink(link)).toBe('some/where/é');
        expect(await volume.attributes(link)).toMatchObject({
          kind: 'symlink',
          size: 13,
          links: 1,
        });
        expect(await refusal(() => volume.readLink(root))).toBe('EINVAL');
        expect(await refusal(() => volume.createSymlink(root, 'l', ''))).toBe('ENOENT');
        expect(await refusal(() => volume.createSymlink(root, 'l', 'a\0b'))).toBe('EINVAL');
        const long = 'x/'.repeat(2048);
        expect(await refusal(() => volume.createSymlink(root, 'l', long))).toBe('ENAMETOOLONG');
      });
    });

    describe('removing', () => {
      it('tells files from directories', async () => {
        await volume.createFile(root, 'file');
        await volume.createDirectory(root, 'directory');
        expect(await refusal(() => volume.unlink(root, 'directory'))).toBe('EISDIR');
        expect(await refusal(() => volume.removeDirectory(root, 'file'))).toBe('ENOTDIR');
        expect(await refusal(() => volume.unlink(root, 'missing'))).toBe('ENOENT');
        expect(await refusal(() => volume.removeDirectory(root, 'missing'))).toBe('ENOENT');
      });

      it('is refused for a directory that is not empty', async () => {
        const directory = await volume.createDirectory(root, 'directory');
        await volume.createFile(directory, 'file');
        expect(await refusal(() => volume.removeDirectory(root, 'directory'))).toBe('ENOTEMPTY');
        await volume.unlink(directory, 'file');
        await volume.removeDirectory(root, 'directory');
        expect(await namesIn(root)).toEqual([]);
      });

      it('leaves an open file whole until it is released', async () => {
        const file = await fileWith('file', 'still here');
        volume.retain(file);
        await volume.unlink(root, 'file');
        expect((await volume.attributes(file)).links).toBe(0);
        await volume.write(file, 6, text('there'));
        expect(await contentOf(file)).toBe('still there');
        expect(await refusal(() => volume.link(file, root, 'again'))).toBe('ENOENT');
        volume.release(file);
        expect(await refusal(() => volume.attributes(file))).toBe('ESTALE');
      });

      it('leaves an open directory empty and closed to new names', async () => {
        const directory = await volume.createDirectory(root, 'directory');
        volume.retain(directory);
        await volume.removeDirectory(root, 'directory');
        expect((await volume.attributes(directory)).links).toBe(0);
        expect(await volume.list(directory, 0, 10)).toEqual([]);
        expect(await volume.lookup(directory, 'x')).toBeUndefined();
        expect(await refusal(() => volume.createFile(directory, 'x'))).toBe('ENOENT');
        expect(await refusal(() => volume.createDirectory(directory, 'x'))).toBe('ENOENT');
        volume.release(directory);
        expect(await refusal(() => volume.list(directory, 0, 10))).toBe('ESTALE');
      });

      it('forgets a node that nobody holds', async () => {
        const file = await volume.createFile(root, 'file');
        await volume.unlink(root, 'file');
        expect(await refusal(() => volume.attributes(file))).toBe('ESTALE');
        expect(await volume.createFile(root, 'file')).not.toBe(file);
      });
    });

    describe('renaming', () => {
      it('moves a file or a directory with all that is in it', async () => {
        const from = await volume.createDirectory(root, 'from');
        const to = await volume.createDirectory(root, 'to');
        const file = await fileWith('file', 'content', from);
        await volume.rename(from, 'file', from, 'renamed');
        await volume.rename(root, 'from', to, 'moved');
        expect(await namesIn(root)).toEqual(['to']);
        expect(await volume.lookup(to, 'moved')).toBe(from);
        expect(await volume.lookup(from, 'renamed')).toBe(file);
        expect(await contentOf(file)).toBe('content');
      });

      it('replaces a file, and an open one stays whole', async () => {
        const old = await fileWith('target', 'old');
        const file = await fileWith('source', 'new');
        volume.retain(old);
        await volume.rename(root, 'source', root, 'target');
        expect(await volume.lookup(root, 'target')).toBe(file);
        expect(await contentOf(old)).toBe('old');
        expect(await namesIn(root)).toEqual(['target']);
        volume.release(old);
        expect(await refusal(() => volume.read(old, 0, 1))).toBe('ESTALE');
      });

      it('replaces an empty directory by a directory, and nothing else', async () => {
        const directory = await volume.createDirectory(root, 'directory');
        const full = await volume.createDirectory(root, 'full');
        await volume.createDirectory(root, 'empty');
        await volume.createFile(full, 'file');
        await volume.createFile(root, 'file');
        const rename = (from: string, to: string) => () => volume.rename(root, from, root, to);
        expect(await refusal(rename('directory', 'full'))).toBe('ENOTEMPTY');
        expect(await refusal(rename('directory', 'file'))).toBe('ENOTDIR');
        expect(await refusal(rename('file', 'directory'))).toBe('EISDIR');
        expect(await refusal(rename('missing', 'file'))).toBe('ENOENT');
        expect(await refusal(rename('directory', 'empty'))).toBe('done');
        expect(await volume.lookup(root, 'empty')).toBe(directory);
      });

      it('of a directory into itself or below is refused', async () => {
        const outer = await volume.createDirectory(root, 'outer');
        const inner = await volume.createDirectory(outer, 'inner');
        expect(await refusal(() => volume.rename(root, 'outer', outer, 'x'))).toBe('EINVAL');
        expect(await refusal(() => volume.rename(root, 'outer', inner, 'x'))).toBe('EINVAL');
        await volume.createDirectory(inner, 'deep');
        expect(await refusal(() => volume.rename(inner, 'deep', root, 'outer'))).toBe('ENOTEMPTY');
      });

      it('of a directory into one that was removed from it finds nothing', async () => {
        const outer = await volume.createDirectory(root, 'outer');
        const inner = await volume.createDirectory(outer, 'inner');
        volume.retain(inner);
        await volume.removeDirectory(outer, 'inner');
        expect(await refusal(() => volume.rename(root, 'outer', inner, 'x'))).toBe('ENOENT');
        volume.release(inner);
      });

      it('between two names of one file changes nothing', async () => {
        const file = await volume.createFile(root, 'one');
        await volume.link(file, root, 'two');
        await volume.rename(root, 'one', root, 'two');
        await volume.rename(root, 'one', root, 'one');
        expect(await namesIn(root)).toEqual(['one', 'two']);
        expect((await volume.attributes(file)).links).toBe(2);
      });
    });

    describe('listing', () => {
      const listAll = async (directory: Inode, pageSize: number, between?: () => Promise<void>) => {
        const entries: DirectoryEntry[] = [];
        for (let after = 0; ; ) {
          const page = await volume.list(directory, after, pageSize);
          const last = page.at(-1);
          if (!last) return entries;
          for (const entry of page) {
            expect(entry.cookie).toBeGreaterThan(after);
            after = entry.cookie;
          }
          entries.push(...page);
          await between?.();
        }
      };

      it('shows each entry once, with its inode and kind, whatever the page', async () => {
        for (let index = 0; index < 50; index++) await volume.createFile(root, `file ${index}`);
        await volume.createDirectory(root, 'directory');
        await volume.createSymlink(root, 'link', 'x');
        for (const pageSize of [1, 7, 52, 1000]) {
          const entries = await listAll(root, pageSize);
          expect(new Set(entries.map((entry) => entry.name)).size).toBe(52);
          for (const { name, inode, kind } of entries) {
            expect(await volume.lookup(root, name)).toBe(inode);
            expect((await volume.attributes(inode)).kind).toBe(kind);
          }
        }
        expect(
          await refusal(async () => volume.list(await volume.createFile(root, 'f'), 0, 1)),
        ).toBe('ENOTDIR');
      });

      it('neither loses nor repeats what stays while other names come and go', async () => {
        for (let index = 0; index < 200; index++) await volume.createFile(root, `${index}`);
        let round = 0;
        const entries = await listAll(root, 10, async () => {
          await volume.createFile(root, `new ${round}`);
          for (let index = 0; index < 7; index++) {
            const name = `${2 * (round * 7 + index)}`;
            if ((await volume.lookup(root, name)) !== undefined) await volume.unlink(root, name);
          }
          round++;
        });
        const odd = entries.map((entry) => Number(entry.name)).filter((number) => number % 2 === 1);
        expect(odd.sort((a, b) => a - b)).toEqual(
          Array.from({ length: 100 }, (_, index) => 2 * index + 1),
        );
      });

      it('comes to an end though each entry that is listed makes or renames a file', async () => {
        for (let index = 0; index < 20; index++) await volume.createFile(root, `${index}`);
        let made = 0;
        const entries = await listAll(root, 1, async () => {
          await volume.createFile(root, `made ${made++}`);
        });
        expect(entries).toHaveLength(20);
        let renamed = 0;
        const again = await listAll(root, 3, async () => {
          await volume.rename(root, `made ${renamed}`, root, `renamed ${renamed++}`);
        });
        expect(new Set(again.map((entry) => entry.inode)).size).toBe(40);
      });
    });

    describe('times', () => {
      it('are set apart from each other', async () => {
        const file = await volume.createFile(root, 'file');
        await volume.setTimes(file, { accessedNs: 1_000_000_000n, modifiedNs: 2_000_000_000n });
        await volume.setTimes(file, { modifiedNs: 3_000_000_000n });
        const { accessedNs, modifiedNs } = await volume.attributes(file);
        expect([accessedNs, modifiedNs]).toEqual([1_000_000_000n, 3_000_000_000n]);
      });

      it('of file and directory follow what is done to them', async () => {
        const directory = await volume.createDirectory(root, 'directory');
        const file = await volume.createFile(directory, 'file');
        const past = { accessedNs: 1_000_000_000n, modifiedNs: 1_000_000_000n };
        const modified = async (inode: Inode) => (await volume.attributes(inode)).modifiedNs;

        await volume.setTimes(file, past);
        await volume.setTimes(directory, past);
        await volume.write(file, 0, text('x'));
        expect(await modified(file)).toBeGreaterThan(past.modifiedNs);
        expect(await modified(directory)).toBe(past.modifiedNs);
        await volume.setTimes(file, past);
        await volume.truncate(file, 0);
        expect(await modified(file)).toBeGreaterThan(past.modifiedNs);

        const changes = [
          () => volume.createFile(directory, 'a'),
          () => volume.link(file, directory, 'b'),
          () => volume.rename(directory, 'a', directory, 'c'),
          () => volume.unlink(directory, 'b'),
        ];
        for (const change of changes) {
          await volume.setTimes(directory, past);
          await change();
          expect(await modified(directory)).toBeGreaterThan(past.modifiedNs);
        }
      });
    });

    it('counts what it holds', async () => {
      const directory = await volume.createDirectory(root, 'directory');
      const file = await fileWith('file', '12345', directory);
      await volume.link(file, root, 'again');
      expect((await volume.usage()).inodes).toBe(4);
      await volume.unlink(root, 'again');
      expect(await volume.usage()).toEqual({ bytes: 5, inodes: 3 });
      await volume.unlink(directory, 'file');
      expect(await volume.usage()).toEqual({ bytes: 0, inodes: 2 });
    });

    it('makes durable what is asked for, and refuses what is not there', async () => {
      const directory = await volume.createDirectory(root, 'directory');
      const file = await fileWith('file', 'x', directory);
      await volume.sync(file);
      await volume.sync(directory);
      await volume.sync();
      await volume.unlink(directory, 'file');
      expect(await refusal(() => volume.sync(file))).toBe('ESTALE');
    });

    it('refuses inodes that it never gave out', async () => {
      const never = 987_654 as Inode;
      expect(await refusal(() => volume.attributes(never))).toBe('ESTALE');
      expect(await refusal(() => volume.createFile(never, 'x'))).toBe('ESTALE');
      expect(await refusal(() => volume.link(never, root, 'x'))).toBe('ESTALE');
      expect(await refusal(() => volume.read(never, 0, 1))).toBe('ESTALE');
    });
  });
}
