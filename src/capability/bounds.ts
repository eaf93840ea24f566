/** What arguments may be, beyond their types: ranges, choices, forms and lengths. */
import { OptionError } from '../errors';
import type { Attribute, Method } from './method';
import { parametersOf } from './parameters';
import type { ValueType } from './value-type';

export type Scalar = null | boolean | number | bigint | string;

/**
 * All that is given has to hold. A bound holds for no value that it can't be about: no range has NaN or None in it,
 * no text is of a length that is compared with a list's.
 */
export interface Bounds {
  /** The least number that may be. */
  readonly min?: number | bigint;
  /** The greatest. */
  readonly max?: number | bigint;
  /** The values that may be, at least one. `1` and `1n` are the same. */
  readonly oneOf?: readonly Scalar[];
  /**
   * What the whole of a string has to look like. In a string `*` stands for any characters, or none. An expression
   * runs on the page over what the guest chose: it should not be one that tries things over and over.
   */
  readonly matches?: RegExp | string;
  /**
   * The most characters (as Python counts them), bytes or items. With an expression in `matches` and nothing here it
   * is 1,000.
   */
  readonly maxLength?: number;
}

/** By the parameter's name. That of an attribute's setter is `value`. */
export type ArgumentBounds = Readonly<Record<string, Bounds>>;

const MAX_MATCHED_LENGTH = 1000;

/** So many choices are listed in a message. */
const MAX_LISTED = 10;

/** What is wrong with one of the keys. */
export interface BoundsFault {
  readonly key: string;
  readonly text: string;
}

const isOrdered = (value: unknown): value is number | bigint =>
  typeof value === 'bigint' || (typeof value === 'number' && !Number.isNaN(value));

const isScalar = (value: unknown): value is Scalar =>
  value === null || isOrdered(value) || ['boolean', 'string'].includes(typeof value);

const isLength = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0;

/** What each key takes. */
const FORMS: ReadonlyMap<string, readonly [(value: unknown) => boolean, string]> = new Map([
  ['min', [isOrdered, 'must be a number']],
  ['max', [isOrdered, 'must be a number']],
  [
    'oneOf',
    [
      (value) => Array.isArray(value) && value.length > 0 && value.every(isScalar),
      'must be a list of strings, numbers, booleans or nulls, with at least one of them',
    ],
  ],
  [
    'matches',
    [
      (value) => typeof value === 'string' || value instanceof RegExp,
      'must be a string or an expression',
    ],
  ],
  ['maxLength', [isLength, 'must be a whole number, 0 or more']],
]);

/** Nothing: the bounds can be used. */
export function faultOfBounds(bounds: Readonly<Record<string, unknown>>): BoundsFault | undefined {
  for (const [key, value] of Object.entries(bounds)) {
    const form = FORMS.get(key);
    if (form === undefined) return { key, text: 'is not known' };
    const [test, text] = form;
    if (!test(value)) return { key, text };
  }
  const { min, max } = bounds as Bounds;
  if (min !== undefined && max !== undefined && min > max) {
    return { key: 'max', text: 'must not be less than min' };
  }
  return undefined;
}

interface Bound {
  /** After "must". */
  readonly text: string;
  readonly holds: (value: unknown) => boolean;
  /** One of these at least has to be of the parameter's type. */
  readonly examples: readonly unknown[];
}

const NUMBERS = [0, 0.5, 0n];
const SIZED = ['', new Uint8Array(), [], new Map(), new Set()];

function boundsOf(bounds: Bounds): Bound[] {
  const { min, max, oneOf, matches } = bounds;
  const maxLength =
    bounds.maxLength ?? (matches instanceof RegExp ? MAX_MATCHED_LENGTH : undefined);
  const all: Bound[] = [];
  const add = (text: string, examples: readonly unknown[], holds: Bound['holds']): void => {
    all.push({ text, examples, holds });
  };
  if (min !== undefined) {
    add(`be at least ${min}`, NUMBERS, (value) => isOrdered(value) && value >= min);
  }
  if (max !== undefined) {
    add(`be at most ${max}`, NUMBERS, (value) => isOrdered(value) && value <= max);
  }
  if (maxLength !== undefined) {
    add(`be at most ${maxLength} long`, SIZED, (value) => isWithin(value, maxLength));
  }
  if (oneOf !== undefined) {
    const choices = oneOf.map(plainNumber);
    add(`be ${listed(choices)}`, choices, (value) => choices.includes(plainNumber(value)));
  }
  if (matches !== undefined) {
    const test = typeof matches === 'string' ? patternTest(matches) : wholeTest(matches);
    const text = typeof matches === 'string' ? JSON.stringify(matches) : String(matches);
    add(`match ${text}`, [''], (value) => typeof value === 'string' && test(value));
  }
  return all;
}

/** A bigint as the number that it is; what is no bigint as it is. */
function plainNumber(value: unknown): unknown {
  return typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

function listed(choices: readonly unknown[]): string {
  const shown = choices
    .slice(0, MAX_LISTED)
    .map((choice) => (typeof choice === 'string' ? JSON.stringify(choice) : pythonText(choice)));
  if (choices.length > MAX_LISTED) shown.push('…');
  return shown.length === 1 ? String(shown[0]) : `one of ${shown.join(', ')}`;
}

function pythonText(choice: unknown): string {
  if (choice === null) return 'None';
  if (typeof choice === 'boolean') return choice ? 'True' : 'False';
  return String(choice);
}

function isWithin(value: unknown, maxLength: number): boolean {
  if (typeof value === 'string') {
    // Each character has one or two units: counted only where that leaves a doubt.
    if (value.length <= maxLength) return true;
    return value.length <= maxLength * 2 && [...value].length <= maxLength;
  }
  if (value instanceof Uint8Array || Array.isArray(value)) return value.length <= maxLength;
  return (value instanceof Map || value instanceof Set) && value.size <= maxLength;
}

/** Whether the whole of a string is such: whatever flags the expression has, and none of its state. */
function wholeTest({ source, flags }: RegExp): (text: string) => boolean {
  // `^` and `$` would be the ends of a line under the flag m.
  const whole = new RegExp(`(?<![^])(?:${source})(?![^])`, flags.replace(/[gy]/g, ''));
  return (text) => whole.test(text);
}

/** Whether a string has the parts between the stars, in their order: in time that its length bounds. */
export function patternTest(pattern: string): (text: string) => boolean {
  const [first = '', ...others] = pattern.split('*');
  const last = others.pop();
  if (last === undefined) return (text) => text === pattern;
  return (text) => {
    if (!text.startsWith(first)) return false;
    let from = first.length;
    for (const part of others) {
      const at = text.indexOf(part, from);
      if (at < 0) return false;
      from = at + part.length;
    }
    return text.length - last.length >= from && text.endsWith(last);
  };
}

/** The first bound that an argument breaks, as a sentence that names it; nothing: all hold. */
export type Violation = (args: readonly unknown[]) => string | undefined;

/**
 * Throws `OptionError`, its message after `where`: for bounds that can't be, for a parameter that the member does not
 * have, and for bounds that no value of its type could keep to.
 */
export function violationOf(
  member: Method | Attribute,
  bounds: ArgumentBounds,
  where: string,
): Violation {
  const parameters = parametersOf(member);
  const checks = Object.entries(bounds).map(([name, given]) => {
    const index = parameters.findIndex((parameter) => parameter.name === name);
    const parameter = parameters[index];
    if (parameter === undefined) throw new OptionError(`${where} has no parameter ${name}`);
    const { type, isRest } = parameter;
    return { name, index, isRest, all: checkedBounds(type, given, `${where}: ${name}`) };
  });
  return (args) => {
    for (const { name, index, isRest, all } of checks) {
      const values = isRest ? args.slice(index) : [args[index]];
      const broken = all.find(({ holds }) => !values.every(holds));
      if (broken !== undefined) return `${name} must ${broken.text}`;
    }
    return undefined;
  };
}

function checkedBounds(type: ValueType, bounds: Bounds, where: string): Bound[] {
  if (typeof bounds !== 'object' || bounds === null) throw new OptionError(`${where} needs bounds`);
  const fault = faultOfBounds({ ...bounds });
  if (fault !== undefined) throw new OptionError(`${where}: ${fault.key} ${fault.text}`);
  const all = boundsOf(bounds);
  for (const { text, examples } of all) {
    if (examples.some((example) => type.accept(example) !== undefined)) continue;
    throw new OptionError(`${where} is ${type.text}, which can't ${text}`);
  }
  return all;
}
