/**
 * Host calls as bytes. Little-endian, no padding:
 *
 *     request  = u16 number of the call, then its arguments in the table's order
 *                u8, u16, u32, fd: u32 · u64, s64: 8 bytes · path, bytes, gather: u32 length, bytes
 *                buffer, scatter: u32 room · subscriptions: u32 count, 48 bytes each · strings: nothing
 *
 * A reply is an errno and, where that is 0, the result as the guest's ABI has it.
 */

import { copyBytes } from './copy-bytes';
import { FileError, SUCCESS } from './errno';
import { grow } from './grow';
import type { Fd } from './numbers';
import { Prefix } from './prefix';
import {
  decodeSubscription,
  FDSTAT_BYTES,
  type Fdstat,
  FILESTAT_BYTES,
  type Filestat,
  SUBSCRIPTION_BYTES,
  type Subscription,
  writeFdstat,
  writeFilestat,
} from './records';
import {
  type HostCallArguments,
  type HostCallName,
  type HostCallResult,
  hostCallNames,
  hostCalls,
  type ResultKind,
  type ResultTypes,
} from './table';

const utf8Encoder = new TextEncoder();
const EMPTY = new Uint8Array(0);

/** Builds one request after another in the same memory. */
export class RequestWriter {
  #bytes = new Uint8Array(4096);
  #view = new DataView(this.#bytes.buffer);
  #prefix = new Prefix(this.#bytes);
  #length = 0;

  begin(call: number): void {
    this.#length = 0;
    this.#reserve(2);
    this.#view.setUint16(0, call, true);
    this.#length = 2;
  }

  u32(value: number): void {
    this.#reserve(4);
    this.#view.setUint32(this.#length, value, true);
    this.#length += 4;
  }

  u64(value: bigint): void {
    this.#reserve(8);
    this.#view.setBigUint64(this.#length, value, true);
    this.#length += 8;
  }

  bytes(value: Uint8Array): void {
    this.u32(value.length);
    this.append(value);
  }

  /** Bytes whose length has been written before. */
  append(value: Uint8Array): void {
    this.#reserve(value.length);
    copyBytes(value, 0, value.length, this.#bytes, this.#length);
    this.#length += value.length;
  }

  /** The request: valid until the next `begin`. */
  finish(): Uint8Array {
    return this.#prefix.first(this.#length);
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    this.#bytes = grow(this.#bytes, this.#length + bytes);
    this.#view = new DataView(this.#bytes.buffer);
    this.#prefix = new Prefix(this.#bytes);
  }
}

/** By number of the call. */
const argumentKinds = hostCallNames.map((name) => Object.entries(hostCalls[name].args));

export interface Request<Name extends HostCallName = HostCallName> {
  readonly name: Name;
  readonly args: HostCallArguments<Name>;
}

type ArgumentValue = number | bigint | string | Uint8Array | readonly Subscription[] | undefined;

/** Reads a request as far as its frame goes; a frame that is cut short is EINVAL. */
export class RequestReader {
  readonly #path = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  /** Of the buffer that frames come in: usually the same each time. */
  #view: DataView = new DataView(new ArrayBuffer(0));
  /** In it, of what comes next of the frame, and of its end. */
  #offset = 0;
  #end = 0;

  read(frame: Uint8Array): Request {
    try {
      return this.#read(frame);
    } catch (error) {
      if (error instanceof RangeError) throw new FileError('EINVAL', 'frame cut short');
      throw error;
    }
  }

  #read(frame: Uint8Array): Request {
    if (this.#view.buffer !== frame.buffer) this.#view = new DataView(frame.buffer);
    this.#offset = frame.byteOffset;
    this.#end = frame.byteOffset + frame.length;
    const view = this.#view;
    const number = view.getUint16(this.#take(2), true);
    const name = hostCallNames[number];
    const kinds = argumentKinds[number];
    if (name === undefined || kinds === undefined) throw new FileError('ENOSYS');
    const args: Record<string, ArgumentValue> = {};
    for (const [key, kind] of kinds) {
      switch (kind) {
        case 'fd':
          args[key] = view.getUint32(this.#take(4), true) as Fd;
          break;
        case 'u8':
        case 'u16':
        case 'u32':
        case 'buffer':
        case 'scatter':
          args[key] = view.getUint32(this.#take(4), true);
          break;
        case 'u64':
          args[key] = view.getBigUint64(this.#take(8), true);
          break;
        case 's64':
          args[key] = view.getBigInt64(this.#take(8), true);
          break;
        case 'path':
          args[key] = this.#decodePath(this.#takeBytes(frame));
          break;
        case 'bytes':
        case 'gather':
          args[key] = this.#takeBytes(frame);
          break;
        case 'subscriptions': {
          const count = view.getUint32(this.#take(4), true);
          args[key] = Array.from({ length: count }, () =>
            decodeSubscription(view, this.#take(SUBSCRIPTION_BYTES)),
          );
          break;
        }
        case 'strings':
          args[key] = undefined;
          break;
      }
    }
    return { name, args: args as HostCallArguments<HostCallName> };
  }

  /** Where the next `length` bytes are. */
  #take(length: number): number {
    const start = this.#offset;
    this.#offset += length;
    if (this.#offset > this.#end) throw new RangeError();
    return start;
  }

  #takeBytes(frame: Uint8Array): Uint8Array {
    const length = this.#view.getUint32(this.#take(4), true);
    const start = this.#take(length) - frame.byteOffset;
    return frame.subarray(start, start + length);
  }

  #decodePath(bytes: Uint8Array): string {
    if (bytes.includes(0)) throw new FileError('EINVAL', 'NUL in a path');
    try {
      return this.#path.decode(bytes);
    } catch {
      throw new FileError('EILSEQ');
    }
  }
}

export interface Reply {
  readonly errno: number;
  readonly payload: Uint8Array;
  /** Where the payload is still arriving: returns when its first `bytes` bytes are there. */
  readonly awaitArrival?: (bytes: number) => void;
}

export function encodeRefusal(errno: number): Reply {
  return { errno, payload: EMPTY };
}

/**
 * Writes the replies to one guest. It waits for each, so that numbers and records go to the same few bytes
 * every time: a payload is valid until the next reply.
 */
export class ReplyWriter {
  readonly #bytes = new Uint8Array(FILESTAT_BYTES);
  readonly #view = new DataView(this.#bytes.buffer);
  readonly #four = this.#bytes.subarray(0, 4);
  readonly #eight = this.#bytes.subarray(0, 8);
  readonly #fdstat = this.#bytes.subarray(0, FDSTAT_BYTES);

  /** Throws for what is no result, which a volume of the page's may have given. */
  write<Name extends HostCallName>(name: Name, result: HostCallResult<Name>): Reply {
    const payload = this.#encode(hostCalls[name].result, result);
    if (!(payload instanceof Uint8Array)) throw new TypeError(`no result of ${name}`);
    return { errno: SUCCESS, payload };
  }

  #encode(kind: ResultKind, value: ResultTypes[ResultKind]): Uint8Array {
    switch (kind) {
      case 'none':
        return EMPTY;
      case 'u32':
        this.#view.setUint32(0, value as number, true);
        return this.#four;
      case 'u64':
        this.#view.setBigUint64(0, value as bigint, true);
        return this.#eight;
      case 'pair': {
        const [first, second] = value as readonly [number, number];
        this.#view.setUint32(0, first, true);
        this.#view.setUint32(4, second, true);
        return this.#eight;
      }
      case 'fdstat':
        writeFdstat(this.#view, value as Fdstat);
        return this.#fdstat;
      case 'filestat':
        writeFilestat(this.#view, value as Filestat);
        return this.#bytes;
      case 'strings':
        return encodeStrings(value as readonly string[]);
      default:
        return value as Uint8Array;
    }
  }
}

/** Text as `args_get` lays it out: each string followed by a NUL. */
export function encodeStrings(strings: readonly string[]): Uint8Array {
  return utf8Encoder.encode(strings.map((text) => `${text}\0`).join(''));
}
