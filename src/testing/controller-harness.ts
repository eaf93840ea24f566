/**
 * For tests: the controller's half of the wall without a worker. Host calls go in as frames, as a
 * stub would have written them, and come back as the name of their errno and their payload.
 */
import { wasi } from '@bjorn3/browser_wasi_shim';
import { createDispatcher, type HostCall } from '../controller/dispatcher';
import { createContext, createTree, type WorldOptions } from '../controller/guest-world';
import { createHandlers } from '../controller/host-calls';
import type { HostContext } from '../controller/host-calls/context';
import { completeLimits } from '../controller/limits';
import { type BudgetName, Watchdog } from '../controller/watchdog';
import { NO_PROGRESS } from '../protocol/control';
import { errnoName } from '../protocol/errno';
import { type Reply, RequestWriter } from '../protocol/frame';
import type { Maybe } from '../protocol/maybe';
import { SUBSCRIPTION_BYTES, type Subscription } from '../protocol/records';
import {
  type HostCallArguments,
  type HostCallName,
  hostCallNames,
  hostCalls,
} from '../protocol/table';

/** The same arguments without the brands, and text for bytes. */
export type LooseArguments<Name extends HostCallName> = {
  readonly [Key in keyof HostCallArguments<Name> as HostCallArguments<Name>[Key] extends undefined
    ? never
    : Key]: HostCallArguments<Name>[Key] extends number
    ? number
    : HostCallArguments<Name>[Key] extends Uint8Array
      ? Uint8Array | string
      : HostCallArguments<Name>[Key];
};

export interface Answer {
  /** `SUCCESS`, or as `ENOENT`. */
  readonly errno: string;
  readonly payload: Uint8Array;
}

export const ROOT_FD = 3;
export const ALL_RIGHTS = (1n << 29n) - 1n;
/** What libc asks for where a file or directory is opened for reading. */
export const READ_RIGHTS =
  ALL_RIGHTS &
  ~BigInt(
    wasi.RIGHTS_FD_DATASYNC |
      wasi.RIGHTS_FD_WRITE |
      wasi.RIGHTS_FD_ALLOCATE |
      wasi.RIGHTS_FD_FILESTAT_SET_SIZE,
  );

const utf8 = new TextEncoder();

export function encodeSubscriptions(subscriptions: readonly Subscription[]): Uint8Array {
  const bytes = new Uint8Array(subscriptions.length * SUBSCRIPTION_BYTES);
  const view = new DataView(bytes.buffer);
  for (const [index, subscription] of subscriptions.entries()) {
    const at = index * SUBSCRIPTION_BYTES;
    view.setBigUint64(at, subscription.userdata, true);
    if (subscription.kind === 'clock') {
      view.setUint8(at + 8, wasi.EVENTTYPE_CLOCK);
      view.setUint32(at + 16, subscription.clock, true);
      view.setBigUint64(at + 24, subscription.timeoutNs, true);
      view.setUint16(at + 40, subscription.absolute ? 1 : 0, true);
    } else if (subscription.kind === 'unknown') {
      view.setUint8(at + 8, subscription.type);
    } else {
      const { kind } = subscription;
      view.setUint8(at + 8, kind === 'read' ? wasi.EVENTTYPE_FD_READ : wasi.EVENTTYPE_FD_WRITE);
      view.setUint32(at + 16, subscription.fd, true);
    }
  }
  return bytes;
}

export function encodeCall<Name extends HostCallName>(
  name: Name,
  args: LooseArguments<Name>,
): Uint8Array {
  const writer = new RequestWriter();
  writer.begin(hostCallNames.indexOf(name));
  for (const [key, kind] of Object.entries(hostCalls[name].args)) {
    const value = (args as Readonly<Record<string, unknown>>)[key];
    switch (kind) {
      case 'strings':
        break;
      case 'u64':
      case 's64':
        writer.u64(BigInt.asUintN(64, value as bigint));
        break;
      case 'path':
      case 'bytes':
      case 'gather':
        writer.bytes(typeof value === 'string' ? utf8.encode(value) : (value as Uint8Array));
        break;
      case 'subscriptions':
        writer.u32((value as readonly Subscription[]).length);
        writer.append(encodeSubscriptions(value as readonly Subscription[]));
        break;
      default:
        writer.u32(value as number);
    }
  }
  return writer.finish();
}

export class ControllerHarness {
  readonly context: HostContext;
  readonly calls: HostCall[] = [];
  readonly faults: unknown[] = [];
  readonly written: { readonly stream: string; readonly bytes: Uint8Array }[] = [];
  readonly limitsReached: BudgetName[] = [];
  readonly watchdog = new Watchdog({
    progress: () => NO_PROGRESS,
    onReached: (limit) => this.limitsReached.push(limit),
    onOverdue: () => undefined,
  });
  readonly #dispatch: (request: Uint8Array) => Maybe<Reply>;

  private constructor(make: (harness: ControllerHarness) => HostContext) {
    this.context = make(this);
    this.#dispatch = createDispatcher({
      handlers: createHandlers(this.context),
      watchdog: this.watchdog,
      onHostCall: (call) => this.calls.push(call),
      onFault: (fault) => this.faults.push(fault),
    });
  }

  static async open(
    options: WorldOptions & { readonly args?: readonly string[] } = {},
  ): Promise<ControllerHarness> {
    const { namespace } = await createTree({}, options.mounts);
    const limits = completeLimits(options.limits);
    // Its clocks are the tests' own to start.
    const budget = {
      ...limits,
      wallMs: Number.POSITIVE_INFINITY,
      cpuMs: Number.POSITIVE_INFINITY,
    };
    return new ControllerHarness((harness) => {
      harness.watchdog.start({ budget, graceMs: limits.graceMs });
      harness.watchdog.wall.stop();
      harness.watchdog.cpu.stop();
      return createContext(
        namespace,
        {
          onOutput: (bytes, stream) => harness.written.push({ stream, bytes: bytes.slice() }),
          ...options,
        },
        {
          limits,
          args: options.args ?? ['program'],
          onFault: (fault) => harness.faults.push(fault),
          watchdog: harness.watchdog,
        },
      );
    });
  }

  /** Any bytes at all. */
  send(frame: Uint8Array): Maybe<Reply> {
    return this.#dispatch(frame);
  }

  async call<Name extends HostCallName>(name: Name, args: LooseArguments<Name>): Promise<Answer> {
    const { errno, payload } = await this.#dispatch(encodeCall(name, args));
    // A copy: it is valid until the next reply.
    return { errno: errnoName(errno), payload: payload.slice() };
  }

  /** The errno's name alone: enough for most refusals. */
  async errno<Name extends HostCallName>(name: Name, args: LooseArguments<Name>): Promise<string> {
    return (await this.call(name, args)).errno;
  }

  /** A new descriptor, or the name of the refusal. */
  async open(
    path: string,
    {
      fd = ROOT_FD,
      lookup = 1,
      open = 0,
      base = ALL_RIGHTS,
      inheriting = ALL_RIGHTS,
      flags = 0,
    }: Partial<LooseArguments<'path_open'>> = {},
  ): Promise<number | string> {
    const args = { fd, lookup, path, open, base, inheriting, flags };
    const { errno, payload } = await this.call('path_open', args);
    return errno === 'SUCCESS' ? u32(payload) : errno;
  }

  /** For a test that is about something else: it must succeed. */
  async mustOpen(
    path: string,
    options?: Parameters<ControllerHarness['open']>[1],
  ): Promise<number> {
    const fd = await this.open(path, options);
    if (typeof fd === 'string') throw new Error(`open ${path}: ${fd}`);
    return fd;
  }

  /** A directory: the rights to write are not asked for. */
  async mustOpenDirectory(path: string): Promise<number> {
    return this.mustOpen(path, { open: wasi.OFLAGS_DIRECTORY, base: READ_RIGHTS });
  }

  async mustCreate(path: string, content: Uint8Array | string = ''): Promise<number> {
    const fd = await this.mustOpen(path, { open: wasi.OFLAGS_CREAT });
    const { errno } = await this.call('fd_pwrite', { fd, from: content, offset: 0n });
    if (errno !== 'SUCCESS') throw new Error(`write ${path}: ${errno}`);
    return fd;
  }

  /** What a path leads to, or the name of the refusal. */
  async look(path: string, fd = ROOT_FD, lookup = 1): Promise<string> {
    const { errno, payload } = await this.call('path_filestat_get', { fd, lookup, path });
    if (errno !== 'SUCCESS') return errno;
    const kinds: Readonly<Record<number, string>> = {
      [wasi.FILETYPE_REGULAR_FILE]: 'file',
      [wasi.FILETYPE_DIRECTORY]: 'directory',
      [wasi.FILETYPE_SYMBOLIC_LINK]: 'symlink',
    };
    return kinds[payload[16] ?? -1] ?? `filetype ${payload[16]}`;
  }

  async readAll(path: string): Promise<string> {
    const fd = await this.open(path, { base: READ_RIGHTS });
    if (typeof fd === 'string') return fd;
    const { errno, payload } = await this.call('fd_pread', { fd, into: 1 << 20, offset: 0n });
    await this.call('fd_close', { fd });
    return errno === 'SUCCESS' ? new TextDecoder().decode(payload) : errno;
  }

  get text(): string {
    return this.written.map(({ bytes }) => new TextDecoder().decode(bytes)).join('');
  }
}

export function u32(payload: Uint8Array, offset = 0): number {
  return viewOf(payload).getUint32(offset, true);
}

export function u64(payload: Uint8Array, offset = 0): bigint {
  return viewOf(payload).getBigUint64(offset, true);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
