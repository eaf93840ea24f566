/**
 * Programs in the fragment of an address, which no server sees: `#glovebox1=` and, in base64url, four bytes of
 * CRC-32 (little-endian) of what follows, deflated JSON: `{ "files": { path: text }, "main": path }`.
 */
import { deflateSync, Inflate } from 'fflate';
import { crc32 } from '../volume/crc32';

export interface SharedPrograms {
  /** By path from the project's root. */
  readonly files: ReadonlyMap<string, string>;
  /** The one that is shown first. */
  readonly main: string;
}

export type ShareFault = 'version' | 'damaged' | 'large' | 'content' | 'empty';

/** A link that can't be opened, or programs that no link can hold; the message is for people. */
export class ShareLinkError extends Error {
  override readonly name = 'ShareLinkError';
  readonly fault: ShareFault;

  constructor(fault: ShareFault, message: string) {
    super(message);
    this.fault = fault;
  }
}

const KEY = 'glovebox';
const VERSION = 1;

/** Of the fragment: browsers take more, but what people send each other in messages does not. */
export const MOST_LINK_CHARACTERS = 512 * 1024;
export const MOST_TEXT_BYTES = 4 * 2 ** 20;
export const MOST_FILES = 100;
const LONGEST_PATH = 1024;
const INFLATE_STEP = 16 * 1024;
const CRC_BYTES = 4;

/** Whether the fragment of an address is meant for us, be it right or wrong. */
export function isShareFragment(fragment: string): boolean {
  return fragment.startsWith(`#${KEY}`);
}

/** The fragment, with its hash. Throws `ShareLinkError`. */
export function shareFragment({ files, main }: SharedPrograms): string {
  if (files.size === 0) throw new ShareLinkError('empty', 'There is nothing to share.');
  if (files.size > MOST_FILES) {
    throw new ShareLinkError('large', `A link holds at most ${MOST_FILES} files.`);
  }
  const json = JSON.stringify({ files: Object.fromEntries(files), main });
  const deflated = deflateSync(new TextEncoder().encode(json), { level: 9 });
  const bytes = new Uint8Array(CRC_BYTES + deflated.length);
  new DataView(bytes.buffer).setUint32(0, crc32(deflated), true);
  bytes.set(deflated, CRC_BYTES);
  const fragment = `#${KEY}${VERSION}=${base64urlOf(bytes)}`;
  if (fragment.length > MOST_LINK_CHARACTERS || json.length > MOST_TEXT_BYTES) {
    throw new ShareLinkError(
      'large',
      'This is more than a link can hold. Download the project as a zip file and send that.',
    );
  }
  return fragment;
}

/** Throws `ShareLinkError` for all that `shareFragment` can't have made. */
export function readShareFragment(fragment: string): SharedPrograms {
  const [, version = '', data = ''] = /^#glovebox(\d*)=?(.*)$/s.exec(fragment) ?? [];
  if (version !== String(VERSION)) {
    throw new ShareLinkError(
      'version',
      'The link was made by another version of this page, or changed on its way.',
    );
  }
  if (data.length > MOST_LINK_CHARACTERS) {
    throw new ShareLinkError('large', 'The link is longer than any that this page makes.');
  }
  const bytes = bytesOf(data);
  const deflated = bytes.subarray(CRC_BYTES);
  if (bytes.length <= CRC_BYTES) throw damaged();
  const crc = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  if (crc32(deflated) !== crc) throw damaged();
  return programsIn(inflate(deflated));
}

function damaged(): ShareLinkError {
  return new ShareLinkError(
    'damaged',
    'The link is incomplete or was changed: it may have been cut off where it was pasted.',
  );
}

function base64urlOf(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function bytesOf(text: string): Uint8Array {
  if (!/^[\w-]*$/.test(text)) throw damaged();
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    return Uint8Array.from(binary, (character) => character.charCodeAt(0));
  } catch {
    throw damaged();
  }
}

/** In steps, so that a link which unpacks to gigabytes costs no more than one step too many. */
function inflate(deflated: Uint8Array): Uint8Array {
  const pieces: Uint8Array[] = [];
  let length = 0;
  let complete = false;
  const inflater = new Inflate((piece, last) => {
    length += piece.length;
    if (length > MOST_TEXT_BYTES) {
      throw new ShareLinkError('large', 'The link unpacks to more than this page opens.');
    }
    pieces.push(piece);
    complete = last;
  });
  try {
    for (let at = 0; at < deflated.length; at += INFLATE_STEP) {
      const next = at + INFLATE_STEP;
      inflater.push(deflated.subarray(at, next), next >= deflated.length);
    }
  } catch (error) {
    if (error instanceof ShareLinkError) throw error;
    throw damaged();
  }
  if (!complete) throw damaged();
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

function programsIn(json: Uint8Array): SharedPrograms {
  const foreign = new ShareLinkError('content', 'The link holds something else than programs.');
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json));
  } catch {
    throw foreign;
  }
  const { files, main } = (value ?? {}) as { files?: unknown; main?: unknown };
  if (typeof files !== 'object' || files === null || Array.isArray(files)) throw foreign;
  const entries = Object.entries(files as Record<string, unknown>);
  if (entries.length === 0 || entries.length > MOST_FILES) throw foreign;
  const texts = new Map<string, string>();
  for (const [path, text] of entries) {
    if (!isPath(path) || typeof text !== 'string') throw foreign;
    texts.set(path, text);
  }
  const [first = ''] = texts.keys();
  return { files: texts, main: typeof main === 'string' && texts.has(main) ? main : first };
}

/** Relative, without anything that climbs or that a volume would not take. */
function isPath(path: string): boolean {
  return (
    path.length <= LONGEST_PATH &&
    path.isWellFormed() &&
    !path.includes('\0') &&
    path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
  );
}
