/** What a host call of an account says of a capability: whose bytes only the desk reads otherwise. */
import { unmarshal } from '../capability/unmarshal';
import { GuestRecord, type GuestValue } from '../capability/value';
import type { AccountedCall } from './accounted-call';
import type { HostCall } from './dispatcher';
import { escapeControls } from './escape-controls';

export interface CapabilityUse {
  /** `call`, `get`, `set`, `can`, `describe`, `start`, `settle`, `terminal`; of a hostile guest any text. */
  readonly kind: string;
  /** A capability by its name, or `object` where a handle was meant. */
  readonly subject: string;
  readonly member: string;
  readonly args: readonly GuestValue[];
  /** Where it was not done: why. */
  readonly refusal: { readonly code: string; readonly message: string } | undefined;
  /** Where it was: what the guest was given, if the account has all of it. */
  readonly value: GuestValue | undefined;
}

/** Handles are not looked up: they may mean nothing any more. */
const HANDLE = new GuestRecord('object', {});
const options = { objectOf: () => HANDLE };

const SHOWN_CHARACTERS = 200;

/** Nothing for another host call, for one that was cut off in the account, and for what is no message. */
export function capabilityUse(call: HostCall | AccountedCall): CapabilityUse | undefined {
  if (call.name !== 'capability_call') return undefined;
  const request = decode((call.args as { readonly request?: unknown }).request);
  if (!Array.isArray(request)) return undefined;
  const [kind, subject, member, argument] = request as readonly GuestValue[];
  const [done, first, message] = answerOf(decode(call.result));
  return {
    kind: textOf(kind),
    subject: subject instanceof GuestRecord ? subject.name : textOf(subject),
    member: textOf(member),
    args: Array.isArray(argument) ? argument : argument === undefined ? [] : [argument],
    refusal: done === false ? { code: textOf(first), message: textOf(message) } : undefined,
    value: done === true ? first : undefined,
  };
}

/** `world.damage("orc", 5) = 95`. */
export function formatCapabilityUse(use: CapabilityUse): string {
  const { kind, subject, member, args, refusal, value } = use;
  const what = member === '' ? bare(subject) : `${bare(subject)}.${bare(member)}`;
  const given = `(${args.map(shown).join(', ')})`;
  const question =
    kind === 'call' ? what + given : `${bare(kind)} ${what}${kind === 'set' ? given : ''}`;
  if (refusal === undefined) return escapeControls(`${question} = ${shown(value ?? null)}`);
  return escapeControls(`${question} = ${bare(refusal.code)}: ${bare(refusal.message)}`);
}

/** Without the quotes, but with all escapes: it is the guest's. */
function bare(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function decode(bytes: unknown): GuestValue | undefined {
  if (!(bytes instanceof Uint8Array)) return undefined;
  try {
    return unmarshal(bytes, options);
  } catch {
    return undefined;
  }
}

function answerOf(answer: GuestValue | undefined): readonly GuestValue[] {
  return Array.isArray(answer) ? answer : [];
}

function textOf(value: GuestValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function shown(value: GuestValue): string {
  const text = JSON.stringify(plain(value)) ?? '';
  return text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)}…`;
}

function plain(value: GuestValue): unknown {
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, item]) => [shown(key), plain(item)]));
  if (value instanceof Set) return [...value].map(plain);
  if (value instanceof GuestRecord) return `<${value.name}>`;
  if (Array.isArray(value)) return value.map(plain);
  return value;
}
