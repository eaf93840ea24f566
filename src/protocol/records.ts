/**
 * The records of WASI preview1 as bytes, exactly as the ABI lays them out (witx,
 * snapshot_preview1; all numbers little-endian). Constants come from browser_wasi_shim.
 */
import { wasi } from '@bjorn3/browser_wasi_shim';
import { grow } from './grow';
import type { Fd } from './numbers';

export const SUBSCRIPTION_BYTES = 48;
export const EVENT_BYTES = 32;
export const FDSTAT_BYTES = 24;
export const FILESTAT_BYTES = 64;
export const PRESTAT_BYTES = 8;
export const DIRENT_BYTES = 24;

/** With the longest name that volumes have by default. */
const LONGEST_DIRENT_BYTES = DIRENT_BYTES + 255;

const utf8 = new TextEncoder();

function record(bytes: number, fill: (view: DataView) => void): Uint8Array {
  const view = new DataView(new ArrayBuffer(bytes));
  fill(view);
  return new Uint8Array(view.buffer);
}

export interface Fdstat {
  readonly filetype: number;
  readonly flags: number;
  readonly base: bigint;
  readonly inheriting: bigint;
}

/** Padding included: what was in `view` before is the host's. */
export function writeFdstat(view: DataView, stat: Fdstat): void {
  view.setUint16(0, stat.filetype, true);
  view.setUint16(2, stat.flags, true);
  view.setUint32(4, 0, true);
  view.setBigUint64(8, stat.base, true);
  view.setBigUint64(16, stat.inheriting, true);
}

export interface Filestat {
  readonly device: bigint;
  readonly inode: number;
  readonly filetype: number;
  readonly links: number;
  readonly size: number;
  readonly accessedNs: bigint;
  readonly modifiedNs: bigint;
  readonly changedNs: bigint;
}

/** As `writeFdstat`. Throws for what is no file's, which a volume of the page's may have given. */
export function writeFilestat(view: DataView, stat: Filestat): void {
  view.setBigUint64(0, stat.device, true);
  setSafeInteger(view, 8, requireSafe(stat.inode));
  setSafeInteger(view, 16, stat.filetype);
  setSafeInteger(view, 24, requireSafe(stat.links));
  setSafeInteger(view, 32, requireSafe(stat.size));
  view.setBigUint64(40, stat.accessedNs, true);
  view.setBigUint64(48, stat.modifiedNs, true);
  view.setBigUint64(56, stat.changedNs, true);
}

function requireSafe(value: number): number {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new RangeError(`${value} is no number of a file's`);
  return value;
}

/** A preopened directory; `name` is what `fd_prestat_dir_name` will give. */
export function encodePrestat(name: string): Uint8Array {
  return record(PRESTAT_BYTES, (view) => {
    view.setUint8(0, wasi.PREOPENTYPE_DIR);
    view.setUint32(4, utf8.encode(name).length, true);
  });
}

export interface Dirent {
  /** Where a listing goes on. A safe integer, as is the inode. */
  readonly next: number;
  readonly inode: number;
  readonly filetype: number;
  readonly name: string;
}

/**
 * Puts directory entries together, up to a number of bytes where the last is cut off. Directories may hold
 * many: no array is made for an entry.
 */
export class DirentWriter {
  readonly #room: number;
  #bytes: Uint8Array<ArrayBuffer>;
  #view: DataView;
  #length = 0;

  constructor(room: number) {
    this.#room = room;
    this.#bytes = new Uint8Array(Math.min(room, 4096) + LONGEST_DIRENT_BYTES);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** How many bytes there is room for still. */
  get left(): number {
    return Math.max(0, this.#room - this.#length);
  }

  add({ next, inode, filetype, name }: Dirent): void {
    // No name is longer in UTF-8 than three bytes for each of its units.
    this.#reserve(DIRENT_BYTES + 3 * name.length);
    const at = this.#length;
    const nameBytes = this.#putName(name, at + DIRENT_BYTES);
    const view = this.#view;
    setSafeInteger(view, at, next);
    setSafeInteger(view, at + 8, inode);
    view.setUint32(at + 16, nameBytes, true);
    view.setUint32(at + 20, filetype, true);
    this.#length = at + DIRENT_BYTES + nameBytes;
  }

  /** A view of all of it: nothing may be added afterwards. */
  finish(): Uint8Array {
    return this.#bytes.subarray(0, Math.min(this.#length, this.#room));
  }

  /** The usual name has nothing to encode, and is too short for a call of the encoder to pay. */
  #putName(name: string, at: number): number {
    for (let index = 0; index < name.length; index++) {
      const unit = name.charCodeAt(index);
      if (unit > 0x7f) return utf8.encodeInto(name, this.#bytes.subarray(at)).written;
      this.#bytes[at + index] = unit;
    }
    return name.length;
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#bytes.length) return;
    this.#bytes = grow(this.#bytes, needed);
    this.#view = new DataView(this.#bytes.buffer);
  }
}

function setSafeInteger(view: DataView, offset: number, value: number): void {
  view.setUint32(offset, value, true);
  view.setUint32(offset + 4, value / 2 ** 32, true);
}

export type Subscription = { readonly userdata: bigint } & (
  | {
      readonly kind: 'clock';
      readonly clock: number;
      readonly timeoutNs: bigint;
      readonly absolute: boolean;
    }
  | { readonly kind: 'read' | 'write'; readonly fd: Fd }
  | { readonly kind: 'unknown'; readonly type: number }
);

/** `view` holds whole subscriptions; what is in them is the guest's and may be nonsense. */
export function decodeSubscription(view: DataView, offset: number): Subscription {
  const userdata = view.getBigUint64(offset, true);
  const type = view.getUint8(offset + 8);
  switch (type) {
    case wasi.EVENTTYPE_CLOCK:
      return {
        kind: 'clock',
        userdata,
        clock: view.getUint32(offset + 16, true),
        timeoutNs: view.getBigUint64(offset + 24, true),
        absolute:
          (view.getUint16(offset + 40, true) & wasi.SUBCLOCKFLAGS_SUBSCRIPTION_CLOCK_ABSTIME) !== 0,
      };
    case wasi.EVENTTYPE_FD_READ:
    case wasi.EVENTTYPE_FD_WRITE:
      return {
        kind: type === wasi.EVENTTYPE_FD_READ ? 'read' : 'write',
        userdata,
        fd: view.getUint32(offset + 16, true) as Fd,
      };
    default:
      return { kind: 'unknown', userdata, type };
  }
}

export interface PollEvent {
  readonly userdata: bigint;
  readonly errno: number;
  readonly type: number;
  /** Bytes that can be read or written without waiting. */
  readonly available: bigint;
}

export function encodeEvents(events: readonly PollEvent[]): Uint8Array {
  return record(events.length * EVENT_BYTES, (view) => {
    for (const [index, event] of events.entries()) {
      const offset = index * EVENT_BYTES;
      view.setBigUint64(offset, event.userdata, true);
      view.setUint16(offset + 8, event.errno, true);
      view.setUint8(offset + 10, event.type);
      view.setBigUint64(offset + 16, event.available, true);
    }
  });
}
