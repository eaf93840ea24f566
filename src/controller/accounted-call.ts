/** One host call as an account keeps it: for good, and in a bounded space. */
import type { Request } from '../protocol/frame';
import type { Fdstat, Filestat, Subscription } from '../protocol/records';
import { type ArgumentKind, type HostCallName, hostCallNames, hostCalls } from '../protocol/table';

/** What is kept of one value; more is cut off. */
const KEPT_BYTES = 256;
/** Of messages to and from capabilities: a whole one can be read. */
const KEPT_MESSAGE_BYTES = 1024;
const KEPT_CHARACTERS = 512;
const KEPT_ITEMS = 16;

/** The beginning of something longer. */
export class Cut<T extends string | Uint8Array | readonly unknown[] = string | Uint8Array> {
  readonly start: T;
  /** Of the whole: bytes, UTF-16 units, or items. */
  readonly length: number;

  constructor(start: T, length: number) {
    this.start = start;
    this.length = length;
  }
}

export type AccountedValue =
  | number
  | bigint
  | string
  | Uint8Array
  | Cut<string | Uint8Array | readonly Subscription[]>
  | readonly Subscription[]
  | readonly (string | number)[]
  | Fdstat
  | Filestat
  | undefined;

/** One host call, for good: nothing in it changes any more. */
export interface AccountedCall {
  /** Of all that the sandbox has made, from 1. */
  readonly number: number;
  /** Of the run that made it, from 1; 0: the interpreter on its way up. */
  readonly run: number;
  /** Who acted: the sandbox's `actor`, as text or by its `name`. */
  readonly caller: string | undefined;
  readonly name: HostCallName;
  /** By name, as the table of host calls has them. */
  readonly args: Readonly<Record<string, AccountedValue>>;
  /** 0 where it succeeded. */
  readonly errno: number;
  readonly result: AccountedValue;
  /** Since the run began. */
  readonly atMs: number;
  /** Until it was answered. */
  readonly durationMs: number;
}

const LONG_KINDS: ReadonlySet<ArgumentKind> = new Set(['path', 'bytes', 'gather', 'subscriptions']);

/** The arguments that are kept in part, by call. */
const longArguments: ReadonlyMap<HostCallName, readonly string[]> = new Map(
  hostCallNames.map((name) => {
    const all: [string, ArgumentKind][] = Object.entries(hostCalls[name].args);
    return [name, all.filter(([, kind]) => LONG_KINDS.has(kind)).map(([key]) => key)];
  }),
);

/** Nothing of them is kept that the next call could change. */
export function keptArguments(
  name: HostCallName,
  args: Request['args'],
): Readonly<Record<string, AccountedValue>> {
  const values = args as Readonly<Record<string, AccountedValue>>;
  let all: Record<string, AccountedValue> | undefined;
  for (const key of longArguments.get(name) ?? []) {
    const value = values[key];
    // Most are short paths: as they are, and their object with them.
    if (typeof value === 'string' && value.length <= KEPT_CHARACTERS) continue;
    all ??= { ...values };
    all[key] = kept(value, name);
  }
  return all ?? values;
}

/** A part of it where it is long, and a copy where it is the channel's or a volume's. */
export function kept(value: AccountedValue, name?: HostCallName): AccountedValue {
  if (typeof value === 'number' || typeof value === 'bigint' || value === undefined) return value;
  if (typeof value === 'string') {
    if (value.length <= KEPT_CHARACTERS) return value;
    return new Cut(value.slice(0, KEPT_CHARACTERS), value.length);
  }
  if (value instanceof Uint8Array) {
    const most = name === 'capability_call' ? KEPT_MESSAGE_BYTES : KEPT_BYTES;
    if (value.length <= most) return new Uint8Array(value);
    return new Cut(new Uint8Array(value.subarray(0, most)), value.length);
  }
  if (Array.isArray(value) && value.length > KEPT_ITEMS && typeof value[0] === 'object') {
    return new Cut(value.slice(0, KEPT_ITEMS) as readonly Subscription[], value.length);
  }
  return value;
}
