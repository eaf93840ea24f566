/** Files from outside into a project: chosen, dropped, whole folders, zip archives. */
import { importZip, type Volume, VolumeFiles } from '../index';

export interface IncomingProgress {
  readonly name: string;
  readonly doneBytes: number;
  readonly totalBytes: number;
}

export interface IncomingFile {
  /** Relative to where it is to go. */
  readonly path: string;
  readonly file: File;
}

/** So often the page is drawn while files come in. */
const PAUSE_MS = 30;

/** Files that an input chose; of a folder each with its path in it. */
export function chosen(files: Iterable<File>): IncomingFile[] {
  return [...files].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
}

/** What was dropped, folders with all that is in them. To be called in the event itself, as it is emptied after it. */
export async function dropped(transfer: DataTransfer): Promise<IncomingFile[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry());
  const files = chosen(transfer.files);
  // What was no file of a disk has no entry, and is there as a file all the same.
  if (entries.every((entry) => entry === null)) return files;
  const found: IncomingFile[] = [];
  for (const entry of entries) if (entry !== null) await walk(entry, '', found);
  return found;
}

async function walk(entry: FileSystemEntry, prefix: string, found: IncomingFile[]): Promise<void> {
  const path = `${prefix}${entry.name}`;
  if (entry.isFile) {
    const { file: read } = entry as FileSystemFileEntry;
    const file = await new Promise<File>((resolve, reject) => read.call(entry, resolve, reject));
    found.push({ path, file });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  // It gives some at a time, none when it has given all.
  for (;;) {
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (entries.length === 0) return;
    for (const inner of entries) await walk(inner, `${path}/`, found);
  }
}

/**
 * Into a folder of a volume, what is there under the same names replaced; a zip archive is unpacked. Rejects with
 * `FileError` (no room) and `ZipError`; what was done until then is done.
 */
export async function bringIn(
  incoming: readonly IncomingFile[],
  volume: Volume,
  folder: string,
  onProgress: (progress: IncomingProgress) => void,
): Promise<void> {
  const files = new VolumeFiles(volume);
  const totalBytes = incoming.reduce((sum, { file }) => sum + file.size, 0);
  const pause = pauses();
  let doneBytes = 0;
  for (const { path, file } of incoming) {
    onProgress({ name: path, doneBytes, totalBytes });
    await pause();
    const target = folder === '' ? path : `${folder}/${path}`;
    if (path.toLowerCase().endsWith('.zip') && !path.includes('/')) {
      await unpack(file, volume, folder, onProgress);
    } else {
      await files.write(target, new Uint8Array(await file.arrayBuffer()), { parents: true });
    }
    doneBytes += file.size;
  }
}

async function unpack(
  file: File,
  volume: Volume,
  folder: string,
  onProgress: (progress: IncomingProgress) => void,
): Promise<void> {
  const pause = pauses();
  let directory = volume.root;
  for (const name of folder.split('/').filter((part) => part !== '')) {
    directory = (await volume.lookup(directory, name)) ?? directory;
  }
  await importZip(volume, file, directory, {
    onProgress: ({ bytes, totalBytes }) => {
      onProgress({ name: file.name, doneBytes: bytes, totalBytes });
      return pause();
    },
  });
}

/** Lets the page be drawn and used, every now and then. */
function pauses(): () => Promise<void> | undefined {
  let last = performance.now();
  return () => {
    if (performance.now() - last < PAUSE_MS) return undefined;
    return new Promise((resolve) => {
      setTimeout(() => {
        last = performance.now();
        resolve();
      });
    });
  };
}
