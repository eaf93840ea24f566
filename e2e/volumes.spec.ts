import { expect, type Page } from '@playwright/test';
import fc from 'fast-check';
import type { VolumeActor as Actor, VolumeOperation } from '../src/testing/volume-actor';
import { volumeOperation } from '../src/testing/volume-model';
import type { Volume } from '../src/volume/volume';
import { openBarePage, test } from './support/bare-page';

/** Sequences of operations that are the same each time. */
function sequences(count: number): VolumeOperation[][] {
  const sequence = fc.array(volumeOperation, { minLength: 60, maxLength: 150, size: 'max' });
  return fc.sample(sequence, { numRuns: count, seed: 7 });
}

/** The first answer that is not memory's, of the volume that the store named `kind` makes. */
function compareWithMemory(
  page: Page,
  kind: 'IndexedDB' | 'directory handle',
  operations: readonly VolumeOperation[],
): Promise<string> {
  return page.evaluate(
    async ([store, todo]) => {
      const { MemoryVolume, IndexedDbVolume, DirectoryHandleVolume } = bare.glovebox;
      const actorModule = '/src/testing/volume-actor.ts';
      const { VolumeActor } = (await import(actorModule)) as { VolumeActor: typeof Actor };
      // A browser's folder has no times of its directories, and forgets those that were set.
      const times = store === 'IndexedDB';
      const memory = new VolumeActor(new MemoryVolume(), { times });
      let volume: Volume;
      let reopen: () => Promise<Volume>;
      if (store === 'IndexedDB') {
        await IndexedDbVolume.remove('model');
        reopen = async () => {
          await volume?.close();
          return IndexedDbVolume.open('model', { maxCachedBytes: 0 });
        };
      } else {
        const folder = await navigator.storage.getDirectory();
        await folder.removeEntry('model', { recursive: true }).catch(() => undefined);
        const handle = await folder.getDirectoryHandle('model', { create: true });
        reopen = async () => {
          await volume?.close();
          return new DirectoryHandleVolume(handle, { writable: true });
        };
      }
      volume = await reopen();
      const reopened = async () => {
        volume = await reopen();
        return volume;
      };
      const stored = new VolumeActor(volume, { times, reopen: reopened });
      const links = new Set(['createSymlink', 'link', 'readLink']);
      for (const operation of [...todo, { call: 'reopen' as const }]) {
        if (store !== 'IndexedDB' && links.has(operation.call)) continue;
        const expected = JSON.stringify(await memory.perform(operation));
        const answer = JSON.stringify(await stored.perform(operation));
        if (answer !== expected) return `${JSON.stringify(operation)}: ${answer}, not ${expected}`;
      }
      const trees = JSON.stringify([await memory.tree(), await stored.tree()]);
      await volume.close();
      const [before, after] = JSON.parse(trees) as [string[], string[]];
      return before.join() === after.join() ? '' : `other trees: ${trees}`;
    },
    [kind, operations] as const,
  );
}

test.describe('a volume in IndexedDB', () => {
  test('has for the next page what a guest wrote on this one', async ({ barePage }) => {
    await barePage.evaluate(async () => {
      const volume = await bare.glovebox.IndexedDbVolume.open('kept');
      const { sandbox, output } = await bare.openPython({ mounts: { '/data': volume } });
      const outcome = await sandbox.run(
        'import os, sqlite3\n' +
          'os.makedirs("/data/a/b")\n' +
          'open("/data/a/b/file", "w").write("written")\n' +
          'os.symlink("b/file", "/data/a/link")\n' +
          'base = sqlite3.connect("/data/base.db")\n' +
          'base.execute("create table numbers (n)")\n' +
          'base.executemany("insert into numbers values (?)", [(n,) for n in range(1000)])\n' +
          'base.commit()\n',
      );
      if (outcome.status !== 'ok') throw new Error(output());
      await volume.close();
    });
    await openBarePage(barePage);
    const seen = await barePage.evaluate(async () => {
      const volume = await bare.glovebox.IndexedDbVolume.open('kept');
      const { sandbox } = await bare.openPython({ mounts: { '/data': volume } });
      await sandbox.run('import os, sqlite3');
      const values = [
        await sandbox.evaluate('open("/data/a/link").read()'),
        await sandbox.evaluate(
          'sqlite3.connect("/data/base.db").execute("select sum(n) from numbers").fetchone()[0]',
        ),
        (await volume.check()).problems.length,
      ];
      sandbox.dispose();
      await volume.close();
      return values;
    });
    expect(seen).toEqual(['written', 499_500, 0]);
  });

  test('has one owner: another tab is refused, reads, or waits', async ({ barePage, context }) => {
    const other = await context.newPage();
    await openBarePage(other);
    await barePage.evaluate(async () => {
      const volume = await bare.glovebox.IndexedDbVolume.open('shared');
      await new bare.glovebox.VolumeFiles(volume).write('file', 'from the owner');
      await volume.sync();
    });
    const refused = await other.evaluate(async () => {
      const started = performance.now();
      const { IndexedDbVolume } = bare.glovebox;
      const error = await IndexedDbVolume.open('shared').catch((reason: unknown) => reason);
      const { name, code } = error as { name: string; code: string };
      return { name, code, soon: performance.now() - started < 1000 };
    });
    expect(refused).toEqual({ name: 'VolumeError', code: 'volume-busy', soon: true });
    const read = await other.evaluate(async () => {
      const volume = await bare.glovebox.IndexedDbVolume.open('shared', { mode: 'read-only' });
      const text = await new bare.glovebox.VolumeFiles(volume).readText('file');
      await volume.close();
      return text;
    });
    expect(read).toBe('from the owner');

    const waiting = other.evaluate(async () => {
      const volume = await bare.glovebox.IndexedDbVolume.open('shared', { mode: 'wait' });
      const text = await new bare.glovebox.VolumeFiles(volume).readText('file');
      await volume.close();
      return text;
    });
    // Nothing is closed: the tab just goes.
    await barePage.close();
    expect(await waiting).toBe('from the owner');
    await other.close();
  });

  test('keeps what was synced when the browser has no more room', async ({ barePage }) => {
    const session = await barePage.context().newCDPSession(barePage);
    const { origin } = new URL(barePage.url());
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 16 << 20 });
    const refused = await barePage.evaluate(async () => {
      const volume = await bare.glovebox.IndexedDbVolume.open('full');
      const files = new bare.glovebox.VolumeFiles(volume);
      await files.write('synced', 'content');
      await volume.sync();
      const { sandbox } = await bare.openPython({ mounts: { '/data': volume } });
      await sandbox.run(
        'import errno, os\n' +
          'try:\n' +
          '    with open("/data/large", "wb") as file:\n' +
          '        for _ in range(64):\n' +
          '            file.write(os.urandom(1 << 20))\n' +
          '        os.fsync(file.fileno())\n' +
          '    failed = "no"\n' +
          'except OSError as error:\n' +
          '    failed = errno.errorcode[error.errno]\n',
      );
      const failed = await sandbox.evaluate('failed');
      const reader = await bare.glovebox.IndexedDbVolume.open('full', { mode: 'read-only' });
      const kept = await new bare.glovebox.VolumeFiles(reader).readText('synced');
      await reader.close();
      await sandbox.run('os.remove("/data/large"); open("/data/after", "w").write("room")');
      sandbox.dispose();
      Object.assign(globalThis, { full: volume });
      return { failed, kept };
    });
    expect(refused).toEqual({ failed: 'ENOSPC', kept: 'content' });
    // Chromium may have gone over the quota, and refuses a removal as well then: its record is written, too.
    await session.send('Storage.overrideQuotaForOrigin', { origin });
    const result = await barePage.evaluate(async () => {
      const { full } = globalThis as unknown as { full: { close(): Promise<void> } };
      await full.close();
      const again = await bare.glovebox.IndexedDbVolume.open('full');
      const names = (await new bare.glovebox.VolumeFiles(again).list()).map(({ name }) => name);
      const { problems } = await again.check();
      await again.close();
      return { names, problems };
    });
    expect(result).toEqual({ names: ['after', 'synced'], problems: [] });
  });

  test('takes in an archive that was dropped, and gives out one with all of it', async ({
    barePage,
  }) => {
    const seen = await barePage.evaluate(async () => {
      const { IndexedDbVolume, MemoryVolume, VolumeFiles, exportZipBlob, importZip } =
        bare.glovebox;
      const noise = new Uint8Array(700 * 1024);
      for (let at = 0; at < noise.length; at += 65_536) {
        crypto.getRandomValues(noise.subarray(at, at + 65_536));
      }
      const source = MemoryVolume.from({
        'text.txt': 'new',
        'folder/größe.bin': noise,
        'folder/deep/zeros': new Uint8Array(3_000_000),
        'empty/': null,
      });
      source.createSymlink(source.root, 'link', 'folder/größe.bin');
      const dropped = new File([await exportZipBlob(source)], 'archive.zip');

      const volume = await IndexedDbVolume.open('archived');
      await new VolumeFiles(volume).write('text.txt', 'the old text, which is longer');
      await importZip(volume, dropped);
      await volume.close();
      const again = await IndexedDbVolume.open('archived', { maxCachedBytes: 0 });
      const out = await exportZipBlob(again);
      const target = new MemoryVolume();
      await importZip(target, out);
      const files = new VolumeFiles(target);
      const copied = await files.read('folder/größe.bin');

      // Somebody else's reader of archives, and of what was imported.
      const download = new MemoryVolume();
      await new VolumeFiles(download).write('out.zip', new Uint8Array(await out.arrayBuffer()));
      const mounts = { '/data': again, '/download': download };
      const { sandbox, output } = await bare.openPython({ mounts });
      await sandbox.run(
        'import os, zipfile\n' +
          'archive = zipfile.ZipFile("/download/out.zip")\n' +
          'same = archive.testzip() is None and all(\n' +
          '    archive.read(info) == open(f"/data/{info.filename}", "rb").read()\n' +
          '    for info in archive.infolist()\n' +
          '    if not info.is_dir() and not os.path.islink(f"/data/{info.filename}"))\n' +
          'names = sorted(archive.namelist())\n',
      );
      const result = {
        same: await sandbox.evaluate('same'),
        names: await sandbox.evaluate('names'),
        output: output(),
        text: await files.readText('text.txt'),
        link: await files.readLink('link'),
        copied: copied.length === noise.length && copied.every((byte, at) => byte === noise[at]),
        usages: [source.usage(), target.usage(), again.usage()],
        problems: (await again.check()).problems,
      };
      sandbox.dispose();
      await again.close();
      return result;
    });
    const usage = { bytes: 3_716_821, inodes: 8 };
    expect(seen).toEqual({
      same: true,
      names: [
        'empty/',
        'folder/',
        'folder/deep/',
        'folder/deep/zeros',
        'folder/größe.bin',
        'link',
        'text.txt',
      ],
      output: '',
      text: 'new',
      link: 'folder/größe.bin',
      copied: true,
      usages: [usage, usage, usage],
      problems: [],
    });
  });

  test('is kept by the browser if the user lets the page ask for that', async ({
    barePage,
    browser,
  }) => {
    const ask = () =>
      barePage.evaluate(async () => [
        await bare.glovebox.IndexedDbVolume.requestPersistence(),
        await navigator.storage.persisted(),
      ]);
    const session = await barePage.context().newCDPSession(barePage);
    const { browserContextId } = (await session.send('Target.getTargetInfo')).targetInfo;
    const user = await browser.newBrowserCDPSession();
    const { origin } = new URL(barePage.url());
    const answer = (setting: 'denied' | 'granted') => {
      const permission = { name: 'persistent-storage' };
      const given = { permission, setting, origin };
      return user.send(
        'Browser.setPermission',
        browserContextId === undefined ? given : { ...given, browserContextId },
      );
    };
    await answer('denied');
    expect(await ask()).toEqual([false, false]);
    await answer('granted');
    expect(await ask()).toEqual([true, true]);
  });

  test('answers and refuses as memory does', async ({ barePage }) => {
    for (const operations of sequences(12)) {
      expect(await compareWithMemory(barePage, 'IndexedDB', operations)).toBe('');
    }
  });

  test('shows the page what the guest does, and the guest what the page does', async ({
    barePage,
  }) => {
    const seen = await barePage.evaluate(async () => {
      const volume = await bare.glovebox.IndexedDbVolume.open('watched');
      const files = new bare.glovebox.VolumeFiles(volume);
      const changes: string[] = [];
      files.watch('/', (some) => {
        changes.push(...some.map(({ kind, path }) => `${kind} ${path}`));
      });
      const { sandbox } = await bare.openPython({ mounts: { '/data': volume } });
      const running = sandbox.run(
        'import os, time\n' +
          'open("/data/from guest", "w").write("guest")\n' +
          'while not os.path.exists("/data/from page"): time.sleep(0.01)\n' +
          'text = open("/data/from page").read()\n',
      );
      while (!(await files.exists('from guest'))) await new Promise((go) => setTimeout(go, 10));
      await files.write('from page', 'page');
      await running;
      const text = await sandbox.evaluate('text');
      await new Promise((resolve) => setTimeout(resolve, 100));
      sandbox.dispose();
      await volume.close();
      return { text, changes };
    });
    expect(seen.text).toBe('page');
    const created = ['created /from guest', 'created /from page'];
    // A file that is written to some time after it was made is told of twice.
    const later = ['changed /from guest', 'changed /from page'];
    expect(seen.changes.filter((change) => !later.includes(change))).toEqual(created);
  });
});

test('a folder that the user picked answers and refuses as memory does', async ({ barePage }) => {
  for (const operations of sequences(8)) {
    expect(await compareWithMemory(barePage, 'directory handle', operations)).toBe('');
  }
});

test('a guest works in a folder that the user picked', async ({ barePage }) => {
  const seen = await barePage.evaluate(async () => {
    const folder = await navigator.storage.getDirectory();
    const handle = await folder.getDirectoryHandle('picked', { create: true });
    const volume = new bare.glovebox.DirectoryHandleVolume(handle, { writable: true });
    const { sandbox, output } = await bare.openPython({ mounts: { '/data': volume } });
    await sandbox.run(
      'import os, pathlib\n' +
        'os.makedirs("/data/a/b", exist_ok=True)\n' +
        'with open("/data/a/b/file", "w") as file:\n' +
        '    for n in range(100): file.write(f"{n}\\n")\n' +
        '    file.flush(); os.fsync(file.fileno())\n' +
        'with open("/data/a/b/file", "a") as file: file.write("end")\n' +
        'os.rename("/data/a/b", "/data/c")\n' +
        'names = sorted(str(p) for p in pathlib.Path("/data").rglob("*"))\n' +
        'try: os.symlink("x", "/data/link")\n' +
        'except OSError as error: refused = str(error)\n',
    );
    const values = [
      await sandbox.evaluate('names'),
      await sandbox.evaluate('len(open("/data/c/file").read())'),
      await sandbox.evaluate('refused'),
      output(),
    ];
    sandbox.dispose();
    await volume.close();
    const file = await (await handle.getDirectoryHandle('c')).getFileHandle('file');
    return [...values, (await file.getFile()).size];
  });
  const refused = "[Errno 58] Not supported: 'x' -> '/data/link'";
  const names = ['/data/a', '/data/c', '/data/c/file'];
  expect(seen).toEqual([names, 293, refused, '', 293]);
});
