/** Nodes of a folder that the user picked, and what the browser's refusals mean. */
import { FileError } from '../protocol/errno';
import type { ChunkedContent } from './chunked-content';
import type { CookieIndex } from './cookie-index';
import type { Inode } from './volume';

interface HandleCommon {
  readonly inode: Inode;
  /** Where it is; undefined for the root and for what was removed. */
  parent: HandleDirectory | undefined;
  name: string;
  holds: number;
  /** Set by the guest: the browser can't store them. */
  times: { accessedNs?: bigint; modifiedNs?: bigint };
}

export interface HandleFile extends HandleCommon {
  readonly kind: 'file';
  handle: FileSystemFileHandle | undefined;
  writer: HandleWriter | undefined;
  /** The content of a file that was removed while it was open. */
  kept: KeptContent | undefined;
  lost: LostContent | undefined;
}

/** Changes go here, and to the file when it is closed. */
export interface HandleWriter {
  readonly stream: FileSystemWritableFileStream;
  /** Of the file, if the writer comes to nothing. */
  readonly sizeBefore: number;
  size: number;
  /** Something was written that is not in the file yet. */
  changed: boolean;
}

export interface KeptContent {
  readonly content: ChunkedContent;
  size: number;
}

/** Why something that was written never came into the file, and whether anybody was told. */
export interface LostContent {
  readonly reason: unknown;
  told: boolean;
}

export interface HandleDirectory extends HandleCommon {
  readonly kind: 'directory';
  handle: FileSystemDirectoryHandle | undefined;
  /** What was seen in it. */
  readonly children: Map<string, HandleNode>;
  /** The names when it was listed last. */
  readonly names: CookieIndex<null>;
}

export type HandleNode = HandleFile | HandleDirectory;

export function isRemoved(node: HandleNode, root: HandleNode): boolean {
  return node.parent === undefined && node !== root;
}

export function pathOf(node: HandleNode): string {
  let path = '';
  for (let at: HandleNode = node; at.parent !== undefined; at = at.parent) {
    path = `/${at.name}${path}`;
  }
  return path;
}

/** A browser's error as the errno that a program expects. */
export function refusalOf(error: unknown): unknown {
  if (error instanceof FileError) return error;
  if (error instanceof TypeError) return new FileError('EINVAL', error.message);
  switch ((error as { name?: unknown } | null)?.name) {
    case 'NotFoundError':
      return new FileError('ENOENT');
    case 'TypeMismatchError':
      return new FileError('ENOTDIR');
    case 'InvalidModificationError':
      return new FileError('ENOTEMPTY');
    case 'NotAllowedError':
    case 'SecurityError':
      return new FileError('EACCES', 'the user has not allowed it');
    case 'NoModificationAllowedError':
      return new FileError('EBUSY');
    case 'QuotaExceededError':
      return new FileError('ENOSPC');
    default:
      return error instanceof DOMException ? new FileError('EIO', error.message) : error;
  }
}
