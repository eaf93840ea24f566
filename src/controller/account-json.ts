/**
 * Calls of an account as JSON, one a line. Numbers, text and lists are themselves; what JSON has no word for is an
 * object with one name:
 *
 *     {"int": "123"}               a number of 64 bits
 *     {"base64": "…"}              bytes
 *     {"…": …, "length": 65536}    the beginning of something longer: {"text"}, {"base64"} or {"items"}
 */
import { errnoName } from '../protocol/errno';
import { type AccountedCall, Cut } from './accounted-call';
import { escapeControls } from './escape-controls';

/** Without the end of the line. Nothing in it could be a control character of a terminal. */
export function formatCallAsJson(call: AccountedCall): string {
  const { errno, atMs, durationMs, ...fields } = call;
  const told = {
    ...fields,
    errno: errnoName(errno),
    atMs: rounded(atMs),
    durationMs: rounded(durationMs),
  };
  return escapeControls(JSON.stringify(plain(told)));
}

/** Each with its end of line. */
export function toJsonLines(calls: Iterable<AccountedCall>): string {
  return Array.from(calls, (call) => `${formatCallAsJson(call)}\n`).join('');
}

/** To a microsecond: more is noise. */
function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return { int: String(value) };
  if (value instanceof Uint8Array) return { base64: base64Of(value) };
  if (value instanceof Cut) {
    const { start, length } = value;
    if (typeof start === 'string') return { text: start, length };
    if (start instanceof Uint8Array) return { base64: base64Of(start), length };
    return { items: plain(start), length };
  }
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

function base64Of(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
