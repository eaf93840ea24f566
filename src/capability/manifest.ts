/**
 * Policies as data: what may be used, by whom, and how much of it. A manifest comes from outside, so that every key
 * of it is checked before anything is done with it.
 */
import { ManifestError } from '../errors';
import { type ArgumentBounds, type Bounds, faultOfBounds } from './bounds';
import type { Access } from './method';
import { isPlainName } from './signature';

export interface Manifest {
  readonly version: 1;
  /** In their order: the first that fits a call decides. A call that none fits is forbidden. */
  readonly rules: readonly ManifestRule[];
  readonly budgets?: readonly ManifestBudget[];
}

/**
 * Fits a call that all of its keys fit; one that is left out fits every call. In the names of capabilities, members
 * and actors `*` stands for any characters, or none.
 */
export interface ManifestRule {
  /** A capability, by the name that it is given under, or a kind of objects. */
  readonly capability: string;
  /** Methods and attributes. */
  readonly members?: readonly string[];
  readonly access?: readonly Access[];
  /** Fits an actor that is a string, or that has a string as its `name`. Without this key also one that has none. */
  readonly actors?: readonly string[];
  /** By parameter, as a facet has them; `matches` is a string with `*`. Fits arguments that keep to all bounds. */
  readonly args?: ArgumentBounds;
  readonly decision: 'allow' | 'forbid' | 'unauthorized' | 'ask';
}

/** A meter on one method. Two on the same method both count. */
export interface ManifestBudget {
  readonly capability: string;
  readonly member: string;
  readonly budget: number;
  /** What one call costs: a number, or the parameter whose argument it is. Default: 1. */
  readonly cost?: number | string;
  /** Default: `lifetime`. */
  readonly per?: 'run' | 'lifetime';
  /** Default: none. */
  readonly refill?: { readonly amount: number; readonly everyMs: number };
}

/** So many rules, budgets, names in a list, and keys. */
const MAX_ITEMS = 1000;
const MAX_TEXT_LENGTH = 1000;

/** So much of a key is in a message. */
const MAX_SHOWN = 40;

/**
 * A copy of what was checked, which does not change. Throws `ManifestError` that names the place of the first thing
 * that is wrong: an unknown key, a wrong type, another version, too many or too long ones.
 */
export function parseManifest(json: unknown): Manifest {
  const { version, rules, budgets } = fields(json, '', ['version', 'rules'], ['budgets']);
  if (version !== 1) fail('version', 'must be 1');
  return Object.freeze({
    version: 1,
    rules: list(rules, 'rules', rule),
    ...(budgets !== undefined && { budgets: list(budgets, 'budgets', budget) }),
  });
}

function rule(value: unknown, path: string): ManifestRule {
  const optional = ['members', 'access', 'actors', 'args'];
  const given = fields(value, path, ['capability', 'decision'], optional);
  const { capability, members, access, actors, args, decision } = given;
  return Object.freeze({
    capability: text(capability, `${path}.capability`),
    ...(members !== undefined && { members: some(members, `${path}.members`, text) }),
    ...(access !== undefined && { access: some(access, `${path}.access`, accessName) }),
    ...(actors !== undefined && { actors: some(actors, `${path}.actors`, text) }),
    ...(args !== undefined && { args: record(args, `${path}.args`, bounds) }),
    decision: oneOf(decision, `${path}.decision`, ['allow', 'forbid', 'unauthorized', 'ask']),
  });
}

function accessName(value: unknown, path: string): Access {
  return oneOf(value, path, ['call', 'get', 'set']);
}

function bounds(value: unknown, path: string): Bounds {
  const keys = ['min', 'max', 'oneOf', 'matches', 'maxLength'];
  const given = fields(value, path, [], keys);
  const { matches, oneOf } = given;
  const copy = {
    ...given,
    ...(matches !== undefined && { matches: text(matches, `${path}.matches`) }),
    ...(oneOf !== undefined && { oneOf: some(oneOf, `${path}.oneOf`, scalar) }),
  };
  const fault = faultOfBounds(copy);
  if (fault !== undefined) fail(`${path}.${fault.key}`, fault.text);
  return Object.freeze(copy as Bounds);
}

function scalar(value: unknown, path: string): unknown {
  return typeof value === 'string' && value !== '' ? text(value, path) : value;
}

function budget(value: unknown, path: string): ManifestBudget {
  const optional = ['cost', 'per', 'refill'];
  const given = fields(value, path, ['capability', 'member', 'budget'], optional);
  const { cost, per } = given;
  return Object.freeze({
    capability: text(given.capability, `${path}.capability`),
    member: text(given.member, `${path}.member`),
    budget: amount(given.budget, `${path}.budget`, 0),
    ...(cost !== undefined && { cost: costOf(cost, `${path}.cost`) }),
    ...(per !== undefined && { per: oneOf(per, `${path}.per`, ['run', 'lifetime']) }),
    ...(given.refill !== undefined && { refill: refill(given.refill, `${path}.refill`) }),
  });
}

function costOf(value: unknown, path: string): number | string {
  if (typeof value === 'string') return text(value, path);
  if (typeof value === 'number') return amount(value, path, 0);
  return fail(path, "must be a number or a parameter's name");
}

function refill(value: unknown, path: string): { amount: number; everyMs: number } {
  const given = fields(value, path, ['amount', 'everyMs'], []);
  return Object.freeze({
    amount: amount(given.amount, `${path}.amount`, 0),
    everyMs: amount(given.everyMs, `${path}.everyMs`, 1),
  });
}

function fail(path: string, message: string): never {
  throw new ManifestError(path, message);
}

/** Its own keys, each of them read once. */
function entries(value: unknown, path: string): [string, unknown][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return fail(path, 'must be an object');
  }
  const all = Object.entries(value);
  if (all.length > MAX_ITEMS) fail(path, `must have at most ${MAX_ITEMS} keys`);
  return all;
}

function at(path: string, key: string): string {
  const shown = key.length > MAX_SHOWN ? `${key.slice(0, MAX_SHOWN)}…` : key;
  return path === '' ? shown : `${path}.${shown}`;
}

/** All of these keys, and none but these. */
function fields<Required extends string, Optional extends string>(
  value: unknown,
  path: string,
  required: readonly Required[],
  optional: readonly Optional[],
): Readonly<Partial<Record<Required | Optional, unknown>>> {
  const all = entries(value, path);
  const known: readonly string[] = [...required, ...optional];
  for (const [key] of all) if (!known.includes(key)) fail(at(path, key), 'is not known');
  const given = Object.fromEntries(all);
  for (const key of required) if (!Object.hasOwn(given, key)) fail(at(path, key), 'is missing');
  return given as Partial<Record<Required | Optional, unknown>>;
}

/** By names in Python. */
function record<T>(
  value: unknown,
  path: string,
  item: (value: unknown, path: string) => T,
): Readonly<Record<string, T>> {
  const all = entries(value, path).map(([key, one]): [string, T] => {
    if (!isPlainName(key)) fail(at(path, key), 'is no name');
    return [text(key, at(path, key)), item(one, at(path, key))];
  });
  return Object.freeze(Object.fromEntries(all));
}

function list<T>(
  value: unknown,
  path: string,
  item: (value: unknown, path: string) => T,
): readonly T[] {
  if (!Array.isArray(value)) return fail(path, 'must be a list');
  if (value.length > MAX_ITEMS) fail(path, `must have at most ${MAX_ITEMS} items`);
  const items = Array.from<unknown>(value);
  return Object.freeze(items.map((one, index) => item(one, `${path}[${index}]`)));
}

/** An empty one would fit nothing, and look as if it did. */
function some<T>(
  value: unknown,
  path: string,
  item: (value: unknown, path: string) => T,
): readonly T[] {
  const items = list(value, path, item);
  return items.length > 0 ? items : fail(path, 'must not be empty');
}

function text(value: unknown, path: string): string {
  if (typeof value !== 'string' || value === '') return fail(path, 'must be a string, not empty');
  if (value.length <= MAX_TEXT_LENGTH) return value;
  return fail(path, `must have at most ${MAX_TEXT_LENGTH} characters`);
}

function amount(value: unknown, path: string, least: number): number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= least) return value;
  return fail(path, `must be a finite number, ${least} or more`);
}

function oneOf<const T extends string>(value: unknown, path: string, choices: readonly T[]): T {
  const choice = choices.find((one) => one === value);
  return choice ?? fail(path, `must be ${choices.map((one) => `"${one}"`).join(' or ')}`);
}
