/** A host call as a line to read: `path_open(3, "etc/passwd", …) = ENOENT`. */
import { errnoName } from '../protocol/errno';
import type { Fdstat, Filestat } from '../protocol/records';
import type { ArgumentKind } from '../protocol/table';
import { hostCalls } from '../protocol/table';
import type { HostCall } from './dispatcher';

/** Longer content is cut; the account is there to be read. */
const SHOWN_BYTES = 32;
const SHOWN_PATH_LENGTH = 512;

export function formatHostCall(call: HostCall): string {
  const shape = hostCalls[call.name];
  const values = call.args as Readonly<Record<string, unknown>>;
  const args = Object.entries(shape.args)
    .filter(([, kind]) => kind !== 'strings')
    .map(([name, kind]) => formatArgument(name, kind, values[name]));
  const outcome = call.errno === 0 ? formatResult(call.result) : errnoName(call.errno);
  return `${call.name}(${args.join(', ')}) = ${outcome}`;
}

function formatArgument(name: string, kind: ArgumentKind, value: unknown): string {
  switch (kind) {
    case 'path':
      return formatText(String(value));
    case 'bytes':
    case 'gather':
      return formatBytes(value as Uint8Array);
    case 'subscriptions':
      return `${(value as readonly unknown[]).length} subscriptions`;
    case 'fd':
      return String(value);
    default:
      return `${name} ${String(value)}`;
  }
}

function formatResult(result: HostCall['result']): string {
  if (result === undefined) return '0';
  if (result instanceof Uint8Array) return formatBytes(result);
  if (typeof result === 'object' && !isList(result)) return formatRecord(result);
  if (!isList(result)) return String(result);
  return `[${result.map((item) => (typeof item === 'string' ? formatText(item) : item)).join(', ')}]`;
}

function isList(result: object | number | bigint): result is readonly (string | number)[] {
  return Array.isArray(result);
}

function formatRecord(record: Fdstat | Filestat): string {
  const fields = Object.entries(record).map(([name, value]) => `${name} ${value}`);
  return `{${fields.join(', ')}}`;
}

function formatText(text: string): string {
  if (text.length <= SHOWN_PATH_LENGTH) return quote(text);
  return `${quote(text.slice(0, SHOWN_PATH_LENGTH))}… (${text.length} characters)`;
}

function formatBytes(bytes: Uint8Array): string {
  // latin1 shows each byte as one character; quoting escapes those that are no text.
  const text = String.fromCharCode(...bytes.subarray(0, SHOWN_BYTES));
  const more = bytes.length > SHOWN_BYTES ? `… (${bytes.length} bytes)` : '';
  return `${quote(text)}${more}`;
}

/** What comes from the guest must not reach a terminal as control characters. */
function quote(text: string): string {
  return JSON.stringify(text).replace(
    // JSON escapes those below space; the rest of the controls and the odd separators are left.
    /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
