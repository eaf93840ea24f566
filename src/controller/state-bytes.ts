/**
 * What a sandbox is, as bytes. Numbers, text and bytes are as in the records of volumes; lists start with how many
 * they have:
 *
 *     i64 monotonic time in ns · bytes of input not read · list of mounts: text
 *     list of volumes: text, count of the next node, list of nodes
 *         node: count, byte kind (0 directory, 1 file, 2 link), three i64 times, then its target as text or its
 *         content as bytes, list of names: count parent, text, count cookie
 *     list of files: count number, byte kind (0 stream, 1 root, 2 file, 3 directory)
 *         root: rights
 *         stream: byte which, count flags, rights
 *         file, directory: text path, byte 1 and text mount, count node, or byte 0; count flags, rights,
 *         count position
 *         rights: count of its own, count of what it may hand on
 *     count of pages, list of parts: count bytes since the end of the last one, count length; the parts
 */
import { ImageError } from '../errors';
import { type MemoryImage, shareImage } from '../protocol/memory-image';
import { type Fd, MAX_PAGES, PAGE_BYTES } from '../protocol/numbers';
import type { MemoryVolumeState, NodeState } from '../volume/memory-volume-state';
import { RecordError, RecordReader, RecordWriter } from '../volume/record-bytes';
import type { Inode, NodeKind } from '../volume/volume';
import type { StreamName } from './fd-table';
import type { FileRights, OpenFileState, PlaceState } from './open-files-state';
import type { SandboxState } from './sandbox-state';

export type StateContent = Omit<SandboxState, 'buildId' | 'baseId'>;

const NODE_KINDS: readonly NodeKind[] = ['directory', 'file', 'symlink'];
const STREAMS: readonly StreamName[] = ['stdin', 'stdout', 'stderr'];
const FILE_KINDS = ['stream', 'root', 'file', 'directory'] as const;

const EMPTY = new Uint8Array(0);

/** No program lives as long as that. */
const MAX_MONOTONIC_NS = 2n ** 62n;

const MAX_FD = 2 ** 31;

export function encodeState(state: StateContent): Uint8Array<ArrayBuffer> {
  const writer = new RecordWriter();
  writer.i64(state.monotonicNs);
  writer.raw(state.stdinLeft);
  writeList(writer, state.mounts, (path) => writer.text(path));
  writeList(writer, [...state.volumes], ([path, volume]) => {
    writer.text(path);
    writeVolume(writer, volume);
  });
  writeList(writer, state.files, (file) => writeFile(writer, file));
  writeMemory(writer, state.memory);
  return writer.take();
}

export function writeList<T>(
  writer: RecordWriter,
  items: readonly T[],
  write: (item: T) => void,
): void {
  writer.count(items.length);
  for (const item of items) write(item);
}

function writeVolume(writer: RecordWriter, { nextInode, nodes }: MemoryVolumeState): void {
  writer.count(nextInode);
  writeList(writer, nodes, (node) => {
    writer.count(node.inode);
    writer.byte(NODE_KINDS.indexOf(node.kind));
    for (const time of [node.accessedNs, node.modifiedNs, node.changedNs]) writer.i64(time);
    if (node.kind === 'symlink') writer.text(node.target);
    else if (node.kind === 'file') writer.raw(node.content);
    writeList(writer, node.names, ({ parent, name, cookie }) => {
      writer.count(parent);
      writer.text(name);
      writer.count(cookie);
    });
  });
}

function writeFile(writer: RecordWriter, file: OpenFileState): void {
  writer.count(file.fd);
  writer.byte(FILE_KINDS.indexOf(file.kind));
  switch (file.kind) {
    case 'root':
      writeRights(writer, file);
      break;
    case 'stream':
      writer.byte(STREAMS.indexOf(file.stream));
      writer.count(file.flags);
      writeRights(writer, file);
      break;
    default: {
      const { path, own } = file.place;
      writer.text(path);
      writer.byte(own === undefined ? 0 : 1);
      if (own !== undefined) {
        writer.text(own.mount);
        writer.count(own.inode);
      }
      writer.count(file.flags);
      writeRights(writer, file);
      writer.count(file.position);
    }
  }
}

function writeRights(writer: RecordWriter, { rights, inheriting }: FileRights): void {
  writer.count(rights);
  writer.count(inheriting);
}

export function writeMemory(writer: RecordWriter, { pages, parts, bytes }: MemoryImage): void {
  writer.count(pages);
  writer.count(parts.length / 2);
  let end = 0;
  for (let index = 0; index < parts.length; index += 2) {
    const [start = 0, length = 0] = [parts[index], parts[index + 1]];
    writer.count(start - end);
    writer.count(length);
    end = start + length;
  }
  writer.append(bytes);
}

/** Throws `ImageError` for what no state is encoded as. */
export function decodeState(bytes: Uint8Array): StateContent {
  try {
    const reader = new RecordReader(bytes);
    const state: StateContent = {
      monotonicNs: readTime(reader),
      stdinLeft: reader.raw(),
      mounts: readList(reader, () => reader.text()),
      volumes: new Map(readList(reader, () => [reader.text(), readVolume(reader)])),
      files: readList(reader, () => readFile(reader)),
      memory: readMemory(reader),
    };
    if (reader.left > 0) throw new RecordError(`${reader.left} bytes too many`);
    return state;
  } catch (error) {
    if (error instanceof RangeError || error instanceof RecordError) {
      throw new ImageError('damaged', `the image is damaged: ${error.message}`);
    }
    throw error;
  }
}

function readTime(reader: RecordReader): bigint {
  const time = reader.i64();
  if (time < 0n || time > MAX_MONOTONIC_NS) throw new RecordError(`${time} is no time`);
  return time;
}

export function readList<T>(reader: RecordReader, read: () => T): T[] {
  const count = reader.count();
  // Each takes a byte at least: a count that can't be makes no list of that length.
  if (count > reader.left) throw new RecordError(`${count} are more than there is room for`);
  return Array.from({ length: count }, read);
}

export function oneOf<T>(kinds: readonly T[], index: number): T {
  const kind = kinds[index];
  if (kind === undefined) throw new RecordError(`${index} is no kind`);
  return kind;
}

function readVolume(reader: RecordReader): MemoryVolumeState {
  return { nextInode: reader.count(), nodes: readList(reader, () => readNode(reader)) };
}

function readNode(reader: RecordReader): NodeState {
  const inode = reader.count() as Inode;
  const kind = oneOf(NODE_KINDS, reader.byte());
  const [accessedNs, modifiedNs, changedNs] = [reader.i64(), reader.i64(), reader.i64()];
  const targetBytes = kind === 'symlink' ? reader.raw() : EMPTY;
  const content = kind === 'file' ? reader.raw() : EMPTY;
  const names = readList(reader, () => {
    return { parent: reader.count() as Inode, name: reader.text(), cookie: reader.count() };
  });
  const target = new TextDecoder().decode(targetBytes);
  const size = targetBytes.length + content.length;
  return { inode, kind, size, accessedNs, modifiedNs, changedNs, names, target, content };
}

function readFile(reader: RecordReader): OpenFileState {
  const fd = reader.count() as Fd;
  if (fd > MAX_FD) throw new RecordError(`${fd} is the number of no file`);
  const kind = oneOf(FILE_KINDS, reader.byte());
  switch (kind) {
    case 'root':
      return { fd, kind, ...readRights(reader) };
    case 'stream':
      return {
        fd,
        kind,
        stream: oneOf(STREAMS, reader.byte()),
        flags: reader.count(),
        ...readRights(reader),
      };
    default:
      return {
        fd,
        kind,
        place: readPlace(reader),
        flags: reader.count(),
        ...readRights(reader),
        position: reader.count(),
      };
  }
}

function readRights(reader: RecordReader): FileRights {
  return { rights: reader.count(), inheriting: reader.count() };
}

function readPlace(reader: RecordReader): PlaceState {
  const path = reader.text();
  if (reader.byte() === 0) return { path, own: undefined };
  return { path, own: { mount: reader.text(), inode: reader.count() as Inode } };
}

/** In order, apart from each other, and within the memory. */
export function readMemory(reader: RecordReader): MemoryImage {
  const pages = reader.count();
  if (pages > MAX_PAGES) throw new RecordError(`${pages} pages are too many`);
  let end = 0;
  let total = 0;
  const parts = readList(reader, () => {
    const start = end + reader.count();
    const length = reader.count();
    if (length === 0) throw new RecordError('a part without bytes');
    end = start + length;
    total += length;
    if (end > pages * PAGE_BYTES) throw new RecordError('a part outside of the memory');
    return [start, length];
  });
  const bytes = reader.bytes(total);
  return shareImage({ pages, parts: Uint32Array.from(parts.flat()), bytes });
}
