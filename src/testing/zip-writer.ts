/** Writes zip archives for tests, and lets each field of each header be a lie. */
import { deflateSync } from 'fflate';
import { crc32 } from '../volume/crc32';

export interface ZipPart {
  readonly name: string | Uint8Array;
  readonly content?: string | Uint8Array;
  readonly deflate?: boolean;
  /** Unix mode: the archive then says that it was made there. */
  readonly mode?: number;
  readonly dosDate?: number;
  readonly dosTime?: number;
  readonly flags?: number;
  readonly method?: number;
  readonly crc?: number;
  readonly storedBytes?: number;
  readonly bytes?: number;
  readonly headerOffset?: number;
  /** Compressed bytes in place of what the content would make. */
  readonly stored?: Uint8Array;
  /** In the entry's own header only. */
  readonly localName?: string;
  readonly localMethod?: number;
  readonly localBytes?: number;
}

export interface ZipEnd {
  readonly entries?: number;
  readonly disk?: number;
  readonly directoryBytes?: number;
  readonly directoryOffset?: number;
  readonly comment?: string;
}

export function writeZip(parts: readonly ZipPart[], end: ZipEnd = {}): Uint8Array {
  const bodies: Uint8Array[] = [];
  const headers: Uint8Array[] = [];
  let offset = 0;
  for (const part of parts) {
    const content = bytesOf(part.content ?? '');
    const stored = part.stored ?? (part.deflate ? deflateSync(content) : content);
    const method = part.method ?? (part.deflate ? 8 : 0);
    const name = bytesOf(part.name);
    const common = (local: boolean) => [
      u16(part.flags ?? 0),
      u16(local ? (part.localMethod ?? method) : method),
      u16(part.dosTime ?? 0),
      u16(part.dosDate ?? 0x21),
      u32(part.crc ?? crc32(content)),
      u32(part.storedBytes ?? stored.length),
      u32((local ? part.localBytes : undefined) ?? part.bytes ?? content.length),
    ];
    const localName = bytesOf(part.localName ?? part.name);
    const body = joined([
      u32(0x04034b50),
      u16(20),
      ...common(true),
      u16(localName.length),
      u16(0),
      localName,
      stored,
    ]);
    headers.push(
      joined([
        u32(0x02014b50),
        u16(part.mode === undefined ? 20 : 0x0314),
        u16(20),
        ...common(false),
        u16(name.length),
        u16(0),
        u16(0),
        u16(0),
        u16(0),
        u32((part.mode ?? 0) * 0x10000),
        u32(part.headerOffset ?? offset),
        name,
      ]),
    );
    bodies.push(body);
    offset += body.length;
  }
  const directory = joined(headers);
  const comment = bytesOf(end.comment ?? '');
  return joined([
    ...bodies,
    directory,
    u32(0x06054b50),
    u16(end.disk ?? 0),
    u16(end.disk ?? 0),
    u16(end.entries ?? parts.length),
    u16(end.entries ?? parts.length),
    u32(end.directoryBytes ?? directory.length),
    u32(end.directoryOffset ?? offset),
    u16(comment.length),
    comment,
  ]);
}

function bytesOf(value: string | Uint8Array): Uint8Array {
  return typeof value === 'string' ? new TextEncoder().encode(value) : value;
}

function u16(value: number): Uint8Array {
  return new Uint8Array([value, value >>> 8]);
}

function u32(value: number): Uint8Array {
  return new Uint8Array([value, value >>> 8, value >>> 16, value >>> 24]);
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
