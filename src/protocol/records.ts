/**
 * The records of WASI preview1 as bytes, exactly as the ABI lays them out (witx,
 * snapshot_preview1; all numbers little-endian). Constants come from browser_wasi_shim.
 */
import { wasi } from '@bjorn3/browser_wasi_shim';
import type { Fd } from './numbers';

export const SUBSCRIPTION_BYTES = 48;
export const EVENT_BYTES = 32;
export const FDSTAT_BYTES = 24;
export const FILESTAT_BYTES = 64;
export const PRESTAT_BYTES = 8;
export const DIRENT_BYTES = 24;

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

export function encodeFdstat(stat: Fdstat): Uint8Array {
  return record(FDSTAT_BYTES, (view) => {
    view.setUint8(0, stat.filetype);
    view.setUint16(2, stat.flags, true);
    view.setBigUint64(8, stat.base, true);
    view.setBigUint64(16, stat.inheriting, true);
  });
}

export interface Filestat {
  readonly device: bigint;
  readonly inode: bigint;
  readonly filetype: number;
  readonly links: bigint;
  readonly size: bigint;
  readonly accessedNs: bigint;
  readonly modifiedNs: bigint;
  readonly changedNs: bigint;
}

export function encodeFilestat(stat: Filestat): Uint8Array {
  return record(FILESTAT_BYTES, (view) => {
    view.setBigUint64(0, stat.device, true);
    view.setBigUint64(8, stat.inode, true);
    view.setUint8(16, stat.filetype);
    view.setBigUint64(24, stat.links, true);
    view.setBigUint64(32, stat.size, true);
    view.setBigUint64(40, stat.accessedNs, true);
    view.setBigUint64(48, stat.modifiedNs, true);
    view.setBigUint64(56, stat.changedNs, true);
  });
}

/** A preopened directory; `name` is what `fd_prestat_dir_name` will give. */
export function encodePrestat(name: string): Uint8Array {
  return record(PRESTAT_BYTES, (view) => {
    view.setUint8(0, wasi.PREOPENTYPE_DIR);
    view.setUint32(4, utf8.encode(name).length, true);
  });
}

export interface Dirent {
  readonly next: bigint;
  readonly inode: bigint;
  readonly filetype: number;
  readonly name: string;
}

export function encodeDirent(entry: Dirent): Uint8Array {
  const name = utf8.encode(entry.name);
  const bytes = record(DIRENT_BYTES + name.length, (view) => {
    view.setBigUint64(0, entry.next, true);
    view.setBigUint64(8, entry.inode, true);
    view.setUint32(16, name.length, true);
    view.setUint8(20, entry.filetype);
  });
  bytes.set(name, DIRENT_BYTES);
  return bytes;
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
