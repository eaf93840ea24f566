/** What of a file an editor can show. */
import type { FileInfo, VolumeFiles } from '../index';

/** More text than this makes no editor smooth. */
const MOST_TEXT_BYTES = 2 * 2 ** 20;

export type FileContent =
  | { readonly kind: 'text'; readonly text: string }
  /** A sentence about what it is instead. */
  | { readonly kind: 'described'; readonly description: string };

/** Reads no more of it than an editor would show. Rejects with `FileError`. */
export async function contentOf(files: VolumeFiles, path: string): Promise<FileContent> {
  const info = await files.stat(path);
  if (info.kind === 'symlink') {
    return described(`A symbolic link to ${JSON.stringify(await files.readLink(path))}.`);
  }
  if (info.size > MOST_TEXT_BYTES) {
    return described(`A file of ${sizeText(info.size)}: too large to edit here.`);
  }
  const text = textOf(await files.read(path));
  if (text !== undefined) return { kind: 'text', text };
  return described(`A binary file of ${sizeText(info.size)}.`);
}

/** Undefined for what is no UTF-8, or holds characters that no text has. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}

export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let size = bytes;
  let unit = '';
  for (const next of units) {
    if (size < 999.5) break;
    size /= 1000;
    unit = next;
  }
  return `${size < 10 ? size.toFixed(1) : size.toFixed(0)} ${unit}`;
}

/** Where the prompt keeps what was typed: nothing that the user has made as a file. */
export const HISTORY = '.python_history';

/** Folders first, then by name, as people count: file2 before file10. */
export function inOrder(infos: readonly FileInfo[]): FileInfo[] {
  const collator = new Intl.Collator('en', { numeric: true });
  const rank = ({ kind }: FileInfo): number => (kind === 'directory' ? 0 : 1);
  return infos.toSorted((a, b) => rank(a) - rank(b) || collator.compare(a.name, b.name));
}

function described(description: string): FileContent {
  return { kind: 'described', description };
}
