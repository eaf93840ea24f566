/** A host call as a line to read: `path_open(3, "etc/passwd", …) = ENOENT`. */
import { errnoName } from '../protocol/errno';
import type { Request } from '../protocol/frame';
import type { ArgumentKind } from '../protocol/table';
import { hostCalls } from '../protocol/table';
import { type AccountedCall, Cut } from './accounted-call';
import { capabilityUse, formatCapabilityUse } from './capability-use';
import type { HostCall } from './dispatcher';
import { escapeControls } from './escape-controls';

/** Longer content is cut; the account is there to be read. */
const SHOWN_BYTES = 32;
const SHOWN_PATH_LENGTH = 512;

export function formatHostCall(call: HostCall | AccountedCall): string {
  const use = call.errno === 0 ? capabilityUse(call) : undefined;
  if (use !== undefined) return formatCapabilityUse(use);
  const outcome = call.errno === 0 ? formatResult(call.result) : errnoName(call.errno);
  return `${formatQuestion(call)} = ${outcome}`;
}

/** What is asked, without what was answered. */
export function formatQuestion({ name, args }: Request | AccountedCall): string {
  const values = args as Readonly<Record<string, unknown>>;
  const shown = Object.entries(hostCalls[name].args)
    .filter(([key, kind]) => kind !== 'strings' && Object.hasOwn(values, key))
    .map(([key, kind]) => formatArgument(key, kind, values[key]));
  return `${name}(${shown.join(', ')})`;
}

function formatArgument(name: string, kind: ArgumentKind, value: unknown): string {
  switch (kind) {
    case 'path':
      return value instanceof Cut ? formatText(value.start, value.length) : formatText(value);
    case 'bytes':
    case 'gather':
      return formatBytes(value as Uint8Array | Cut<Uint8Array>);
    case 'subscriptions':
      return `${(value as readonly unknown[] | Cut).length} subscriptions`;
    case 'fd':
      return String(value);
    default:
      return `${name} ${String(value)}`;
  }
}

function formatResult(result: HostCall['result'] | AccountedCall['result']): string {
  if (result === undefined) return '0';
  if (result instanceof Uint8Array || result instanceof Cut) {
    return formatBytes(result as Uint8Array | Cut<Uint8Array>);
  }
  if (isList(result)) {
    return `[${result.map((item) => (typeof item === 'string' ? formatText(item) : String(item))).join(', ')}]`;
  }
  return typeof result === 'object' ? formatRecord(result) : String(result);
}

function isList(result: unknown): result is readonly unknown[] {
  return Array.isArray(result);
}

function formatRecord(record: object): string {
  const fields = Object.entries(record).map(([name, value]) => `${name} ${value}`);
  return `{${fields.join(', ')}}`;
}

function formatText(value: unknown, length = String(value).length): string {
  const text = String(value);
  if (length <= SHOWN_PATH_LENGTH) return quote(text);
  return `${quote(text.slice(0, SHOWN_PATH_LENGTH))}… (${length} characters)`;
}

function formatBytes(bytes: Uint8Array | Cut<Uint8Array>): string {
  const start = bytes instanceof Cut ? bytes.start : bytes;
  // latin1 shows each byte as one character; quoting escapes those that are no text.
  const text = String.fromCharCode(...start.subarray(0, SHOWN_BYTES));
  const more = bytes.length > SHOWN_BYTES ? `… (${bytes.length} bytes)` : '';
  return `${quote(text)}${more}`;
}

function quote(text: string): string {
  return escapeControls(JSON.stringify(text));
}
