/** Tells of changes in a folder of the machine, whichever program made them. */
import * as fs from 'node:fs';
import type { ChangeListener, VolumeChange } from '../volume/volume';

/** The system tells of one write in several pieces. */
const GATHER_MS = 20;

export function watchFolder(folder: string, listener: ChangeListener): () => void {
  let untold = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const known = new Set<string>(namesIn(folder));

  const tell = (): void => {
    const changes: VolumeChange[] = [];
    for (const path of untold) {
      const there = fs.lstatSync(`${folder}/${path}`, { throwIfNoEntry: false }) !== undefined;
      if (!there && !known.has(path)) continue;
      const kind = there ? (known.has(path) ? 'changed' : 'created') : 'removed';
      if (there) known.add(path);
      else known.delete(path);
      changes.push({ kind, path: `/${path}` });
    }
    untold = new Set();
    if (changes.length > 0) listener(changes);
  };

  // It must not keep a program running that has nothing else to do.
  const watcher = fs.watch(folder, { recursive: true, persistent: false }, (_event, name) => {
    if (name === null) return;
    if (untold.size === 0) timer = setTimeout(tell, GATHER_MS).unref();
    untold.add(name);
  });
  // The folder itself is gone: there is nothing more to tell.
  watcher.on('error', () => watcher.close());
  return () => {
    watcher.close();
    clearTimeout(timer);
  };
}

function namesIn(folder: string): string[] {
  return fs.readdirSync(folder, { recursive: true, encoding: 'utf8' });
}
