/** All that an account has of one call, as labelled lines. */
import { type AccountedCall, Cut } from '../controller/accounted-call';
import { capabilityUse, formatCapabilityUse } from '../controller/capability-use';
import { errnoName } from '../protocol/errno';
import { shownLine } from '../terminal/shown-text';
import { formatBytes, formatCount } from '../terminal/units';

export interface DetailLine {
  readonly label: string;
  readonly text: string;
}

export interface CallDetail {
  readonly about: readonly DetailLine[];
  readonly args: readonly DetailLine[];
  readonly answer: readonly DetailLine[];
}

/** More than an account keeps of anything but bytes, which take four characters each. */
const MOST_TEXT = 4096;

export function detailOf(call: AccountedCall): CallDetail {
  const about = [
    { label: 'call', text: `${call.name}, number ${call.number}` },
    { label: 'run', text: call.run === 0 ? '0: the interpreter on its way up' : String(call.run) },
    ...(call.caller === undefined ? [] : [{ label: 'who', text: shownLine(call.caller, 200) }]),
    { label: 'when', text: `${milliseconds(call.atMs)} after the run began` },
    { label: 'took', text: milliseconds(call.durationMs) },
  ];
  const use = capabilityUse(call);
  if (use !== undefined) {
    about.push({ label: 'use', text: shownLine(formatCapabilityUse(use), MOST_TEXT) });
  }
  const answer = [
    {
      label: 'errno',
      text: call.errno === 0 ? '0: it succeeded' : `${call.errno}: ${errnoName(call.errno)}`,
    },
    ...(call.errno === 0 && call.result !== undefined ? linesOf('result', call.result) : []),
  ];
  return {
    about,
    args: Object.entries(call.args).flatMap(([key, value]) => linesOf(key, value)),
    answer,
  };
}

function milliseconds(ms: number): string {
  return `${ms.toFixed(ms < 10 ? 3 : 1)} ms`;
}

function linesOf(label: string, value: unknown): DetailLine[] {
  if (isRecord(value)) {
    return Object.entries(value).map(([key, field]) => ({
      label: `${label}.${key}`,
      text: textOf(field),
    }));
  }
  if (Array.isArray(value) && typeof value[0] === 'object') {
    return value.flatMap((item, index) => linesOf(`${label}[${index}]`, item));
  }
  return [{ label, text: textOf(value) }];
}

function isRecord(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return !(value instanceof Uint8Array) && !(value instanceof Cut);
}

function textOf(value: unknown): string {
  if (value instanceof Cut) {
    const { start, length } = value;
    if (typeof start === 'string') {
      return `${quoted(start)}… (${formatCount(length)} characters)`;
    }
    if (start instanceof Uint8Array) return `${quotedBytes(start)}… (${formatBytes(length)})`;
    return `${formatCount(length)} items, ${formatCount(start.length)} kept`;
  }
  if (value instanceof Uint8Array) return `${quotedBytes(value)} (${formatBytes(value.length)})`;
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return shownLine(value.map(textOf).join(', '), MOST_TEXT);
  return shownLine(String(value), MOST_TEXT);
}

function quoted(text: string): string {
  return shownLine(JSON.stringify(text), MOST_TEXT);
}

/** As text where all of it is UTF-8 text, and byte by byte otherwise. */
function quotedBytes(bytes: Uint8Array): string {
  try {
    return quoted(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  }
}
