/**
 * The host-call table: every import that a guest can have, once. The worker's stubs, the types of
 * the controller's handlers, the frames between them and the readable log all come from it.
 *
 * Arguments are in the order of the ABI. A kind that stands for memory takes two parameters there
 * (a pointer and a length); each result kind takes the pointers that follow the arguments.
 * Source of the ABI: the witx files of WASI snapshot_preview1.
 */
import type { Fd } from './numbers';
import type { Fdstat, Filestat, Subscription } from './records';

/** What the handler sees for each kind of argument. */
export interface ArgumentTypes {
  fd: Fd;
  u8: number;
  u16: number;
  u32: number;
  u64: bigint;
  s64: bigint;
  /** UTF-8 text in guest memory. Not UTF-8: EILSEQ, a NUL in it: EINVAL, before any handler. */
  path: string;
  /** Bytes in guest memory. */
  bytes: Uint8Array;
  /** Bytes gathered from several places. */
  gather: Uint8Array;
  /** Room in one place: how many bytes the answer may have. */
  buffer: number;
  /** Room scattered over several places: how many bytes the answer may have. */
  scatter: number;
  /** What `poll_oneoff` waits for; its events go where the guest asked. */
  subscriptions: readonly Subscription[];
  /** Where `args_get` and `environ_get` want their pointers and their text. */
  strings: undefined;
}

/** What the handler gives for each kind of result. */
export interface ResultTypes {
  none: undefined;
  /** Fills the `buffer`; no length is told to the guest. */
  filled: Uint8Array;
  /** Goes to the `buffer` or `scatter` argument; its length to the result pointer. */
  sized: Uint8Array;
  /** As `sized`, with a second pointer for flags that are always 0. */
  received: Uint8Array;
  /** Text for `strings`, none of it with a NUL. */
  strings: readonly string[];
  /** Two numbers, each with a pointer of its own. */
  pair: readonly [number, number];
  u32: number;
  u64: bigint;
  fdstat: Fdstat;
  filestat: Filestat;
  /** These two as the ABI lays them out. */
  prestat: Uint8Array;
  events: Uint8Array;
}

export type ArgumentKind = keyof ArgumentTypes;
export type ResultKind = keyof ResultTypes;

export interface CallShape {
  readonly args: Readonly<Record<string, ArgumentKind>>;
  readonly result: ResultKind;
}

const shape = <const Shape extends CallShape>(value: Shape): Shape => value;

const times = { accessed: 'u64', modified: 'u64', flags: 'u16' } as const;

const preview1 = {
  args_get: shape({ args: { texts: 'strings' }, result: 'strings' }),
  args_sizes_get: shape({ args: {}, result: 'pair' }),
  environ_get: shape({ args: { texts: 'strings' }, result: 'strings' }),
  environ_sizes_get: shape({ args: {}, result: 'pair' }),
  clock_res_get: shape({ args: { clock: 'u32' }, result: 'u64' }),
  clock_time_get: shape({ args: { clock: 'u32', precision: 'u64' }, result: 'u64' }),
  fd_advise: shape({
    args: { fd: 'fd', offset: 'u64', length: 'u64', advice: 'u8' },
    result: 'none',
  }),
  fd_allocate: shape({ args: { fd: 'fd', offset: 'u64', length: 'u64' }, result: 'none' }),
  fd_close: shape({ args: { fd: 'fd' }, result: 'none' }),
  fd_datasync: shape({ args: { fd: 'fd' }, result: 'none' }),
  fd_fdstat_get: shape({ args: { fd: 'fd' }, result: 'fdstat' }),
  fd_fdstat_set_flags: shape({ args: { fd: 'fd', flags: 'u16' }, result: 'none' }),
  fd_fdstat_set_rights: shape({
    args: { fd: 'fd', base: 'u64', inheriting: 'u64' },
    result: 'none',
  }),
  fd_filestat_get: shape({ args: { fd: 'fd' }, result: 'filestat' }),
  fd_filestat_set_size: shape({ args: { fd: 'fd', size: 'u64' }, result: 'none' }),
  fd_filestat_set_times: shape({ args: { fd: 'fd', ...times }, result: 'none' }),
  fd_pread: shape({ args: { fd: 'fd', into: 'scatter', offset: 'u64' }, result: 'sized' }),
  fd_prestat_get: shape({ args: { fd: 'fd' }, result: 'prestat' }),
  fd_prestat_dir_name: shape({ args: { fd: 'fd', into: 'buffer' }, result: 'filled' }),
  fd_pwrite: shape({ args: { fd: 'fd', from: 'gather', offset: 'u64' }, result: 'u32' }),
  fd_read: shape({ args: { fd: 'fd', into: 'scatter' }, result: 'sized' }),
  fd_readdir: shape({ args: { fd: 'fd', into: 'buffer', cookie: 'u64' }, result: 'sized' }),
  fd_renumber: shape({ args: { fd: 'fd', to: 'fd' }, result: 'none' }),
  fd_seek: shape({ args: { fd: 'fd', offset: 's64', whence: 'u8' }, result: 'u64' }),
  fd_sync: shape({ args: { fd: 'fd' }, result: 'none' }),
  fd_tell: shape({ args: { fd: 'fd' }, result: 'u64' }),
  fd_write: shape({ args: { fd: 'fd', from: 'gather' }, result: 'u32' }),
  path_create_directory: shape({ args: { fd: 'fd', path: 'path' }, result: 'none' }),
  path_filestat_get: shape({
    args: { fd: 'fd', lookup: 'u32', path: 'path' },
    result: 'filestat',
  }),
  path_filestat_set_times: shape({
    args: { fd: 'fd', lookup: 'u32', path: 'path', ...times },
    result: 'none',
  }),
  path_link: shape({
    args: { fd: 'fd', lookup: 'u32', path: 'path', toFd: 'fd', toPath: 'path' },
    result: 'none',
  }),
  path_open: shape({
    args: {
      fd: 'fd',
      lookup: 'u32',
      path: 'path',
      open: 'u16',
      base: 'u64',
      inheriting: 'u64',
      flags: 'u16',
    },
    result: 'u32',
  }),
  path_readlink: shape({ args: { fd: 'fd', path: 'path', into: 'buffer' }, result: 'sized' }),
  path_remove_directory: shape({ args: { fd: 'fd', path: 'path' }, result: 'none' }),
  path_rename: shape({
    args: { fd: 'fd', path: 'path', toFd: 'fd', toPath: 'path' },
    result: 'none',
  }),
  path_symlink: shape({ args: { target: 'path', fd: 'fd', path: 'path' }, result: 'none' }),
  path_unlink_file: shape({ args: { fd: 'fd', path: 'path' }, result: 'none' }),
  poll_oneoff: shape({ args: { waitFor: 'subscriptions' }, result: 'events' }),
  proc_exit: shape({ args: { code: 'u32' }, result: 'none' }),
  proc_raise: shape({ args: { signal: 'u8' }, result: 'none' }),
  random_get: shape({ args: { into: 'buffer' }, result: 'filled' }),
  sched_yield: shape({ args: {}, result: 'none' }),
  sock_accept: shape({ args: { fd: 'fd', flags: 'u16' }, result: 'u32' }),
  sock_recv: shape({ args: { fd: 'fd', into: 'scatter', flags: 'u16' }, result: 'received' }),
  sock_send: shape({ args: { fd: 'fd', from: 'gather', flags: 'u16' }, result: 'u32' }),
  sock_shutdown: shape({ args: { fd: 'fd', how: 'u8' }, result: 'none' }),
} as const satisfies Record<string, CallShape>;

const own = {
  /** The next bytes of the request that the guest is to answer now: fewer than it has room for are the last ones. */
  request_read: shape({ args: { into: 'buffer' }, result: 'sized' }),
  /** The next piece of the answer. */
  result_write: shape({ args: { from: 'bytes' }, result: 'none' }),
  /**
   * One message to the page's capabilities, and their answer. An answer that there is no room for is empty, as
   * none is: `capability_rest` gives it.
   */
  capability_call: shape({ args: { request: 'bytes', into: 'buffer' }, result: 'sized' }),
  /** The answer to the last message, where that did not fit or a signal came first. */
  capability_rest: shape({ args: { into: 'buffer' }, result: 'sized' }),
  /**
   * Signals that wait for the guest (bit n is signal n), and how many steps it may take before it asks
   * again; `steps` is what it took since. Answered beside the guest: it reaches the controller only when
   * these steps have used up the run's fuel.
   */
  poll: shape({ args: { steps: 'u32' }, result: 'pair' }),
} as const satisfies Record<string, CallShape>;

/** The WebAssembly module names under which the calls are imported. */
export const hostCallTable = {
  wasi_snapshot_preview1: preview1,
  glovebox: own,
} as const;

const calls = { ...preview1, ...own };

export type HostCallName = keyof typeof calls;
export const hostCalls: Readonly<Record<HostCallName, CallShape>> = calls;

/** The order is the numbering of frames: one build speaks to itself, so it may change freely. */
export const hostCallNames = Object.keys(calls) as readonly HostCallName[];

type Shapes = typeof calls;

export type HostCallArguments<Name extends HostCallName> = {
  readonly [Key in keyof Shapes[Name]['args']]: ArgumentTypes[Shapes[Name]['args'][Key] &
    ArgumentKind];
};

export type HostCallResult<Name extends HostCallName> = ResultTypes[Shapes[Name]['result'] &
  ResultKind];

/** The shape of an import by its two names, or nothing if the table lacks it. */
export function findHostCall(module: string, name: string): HostCallName | undefined {
  const group = Object.hasOwn(hostCallTable, module)
    ? hostCallTable[module as keyof typeof hostCallTable]
    : undefined;
  return group !== undefined && Object.hasOwn(group, name) ? (name as HostCallName) : undefined;
}
