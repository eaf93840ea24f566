/** Copies within a picked folder: the browser has nothing that moves. */
import { FileError } from '../protocol/errno';

const COPY_BYTES = 1024 * 1024;

/**
 * Whatever has the name keeps its content until the copy is complete; a copy that fails leaves
 * nothing behind where there was nothing.
 */
export async function copyFileTo(
  from: FileSystemFileHandle,
  directory: FileSystemDirectoryHandle,
  name: string,
  replaces: boolean,
): Promise<FileSystemFileHandle> {
  const copy = await directory.getFileHandle(name, { create: true });
  try {
    await copyFile(from, copy);
  } catch (error) {
    if (!replaces) await directory.removeEntry(name).catch(() => undefined);
    throw error;
  }
  return copy;
}

/** As `copyFileTo`. Only an empty directory may have the name: ENOTEMPTY. */
export async function copyFolderTo(
  from: FileSystemDirectoryHandle,
  directory: FileSystemDirectoryHandle,
  name: string,
  replaces: boolean,
): Promise<FileSystemDirectoryHandle> {
  const copy = await directory.getDirectoryHandle(name, { create: true });
  for await (const _ of copy.keys()) throw new FileError('ENOTEMPTY');
  try {
    await copyFolder(from, copy);
  } catch (error) {
    if (replaces) await clear(copy).catch(() => undefined);
    else await directory.removeEntry(name, { recursive: true }).catch(() => undefined);
    throw error;
  }
  return copy;
}

async function copyFolder(
  source: FileSystemDirectoryHandle,
  target: FileSystemDirectoryHandle,
): Promise<void> {
  const pending = [{ from: source, to: target }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for await (const [name, handle] of next.from.entries()) {
      if (handle.kind === 'directory') {
        const to = await next.to.getDirectoryHandle(name, { create: true });
        pending.push({ from: handle as FileSystemDirectoryHandle, to });
      } else {
        const to = await next.to.getFileHandle(name, { create: true });
        await copyFile(handle as FileSystemFileHandle, to);
      }
    }
  }
}

async function copyFile(from: FileSystemFileHandle, to: FileSystemFileHandle): Promise<void> {
  const file = await from.getFile();
  const writer = await to.createWritable();
  try {
    for (let at = 0; at < file.size; at += COPY_BYTES) {
      await writer.write(await file.slice(at, at + COPY_BYTES).arrayBuffer());
    }
    await writer.close();
  } catch (error) {
    await writer.abort().catch(() => undefined);
    throw error;
  }
}

async function clear(directory: FileSystemDirectoryHandle): Promise<void> {
  const names: string[] = [];
  for await (const name of directory.keys()) names.push(name);
  for (const name of names) await directory.removeEntry(name, { recursive: true });
}
