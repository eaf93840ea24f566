/** The program's variables as the page has them: how they are asked for, and what is made of the answer. */
import type { GuestValue } from '../capability/value';

export type VariableKind = 'value' | 'function' | 'class' | 'module';

export interface VariableNode {
  /** The name; within something else `.name`, `[3]`, `'key'`. */
  readonly label: string;
  readonly kind: VariableKind;
  readonly type: string;
  readonly text: string;
  /** How many items, characters or bytes it has. */
  readonly size: number | undefined;
  readonly unit: string;
  /** Whether there is something in it to show. */
  readonly opens: boolean;
  /** What is in it, where that was asked for. */
  readonly nodes: readonly VariableNode[] | undefined;
  /** What is in it besides. */
  readonly more: number;
}

export interface Variables {
  readonly nodes: readonly VariableNode[];
  readonly more: number;
}

/** Labels from a variable to what is in it. */
export type VariablePath = readonly string[];

/** How much of what is at a path is to be shown. */
export interface Wanted {
  readonly path: VariablePath;
  readonly most: number;
}

/**
 * The expression that asks the guest. It uses no name of the program's, which may stand for anything: a function has
 * the names that are built in at hand.
 */
export function askFor(wanted: readonly Wanted[]): string {
  // A list of lists of text and numbers is the same in JSON and in Python.
  const pairs = JSON.stringify(wanted.map(({ path, most }) => [path, most]));
  const load = "(lambda: 0).__builtins__['__import__']";
  return `${load}('glovebox._variables', None, None, ('look',), 0).look(${pairs})`;
}

const KINDS: readonly string[] = ['value', 'function', 'class', 'module'] satisfies VariableKind[];
const UNITS: readonly string[] = ['items', 'characters', 'bytes'];

const MOST_NODES = 5000;
const MOST_DEPTH = 20;
const MOST_TEXT = 400;

/** The guest's answer may be anything: nothing for what is not as it should be. */
export function readVariables(answer: GuestValue): Variables | undefined {
  return readNodes(answer, { left: MOST_NODES }, 0);
}

interface Room {
  left: number;
}

function readNodes(answer: GuestValue, room: Room, depth: number): Variables | undefined {
  if (!Array.isArray(answer) || depth > MOST_DEPTH) return undefined;
  const [list, more] = answer as readonly GuestValue[];
  if (!Array.isArray(list) || !isCount(more)) return undefined;
  const nodes: VariableNode[] = [];
  for (const item of list as readonly GuestValue[]) {
    if (room.left-- <= 0) return undefined;
    const node = readNode(item, room, depth);
    if (node === undefined) return undefined;
    nodes.push(node);
  }
  return { nodes, more };
}

function readNode(item: GuestValue, room: Room, depth: number): VariableNode | undefined {
  if (!Array.isArray(item)) return undefined;
  const [label, kind, type, text, size, unit, opens, inside, more] = item as readonly GuestValue[];
  if (!isText(label) || !isText(type) || !isText(text) || !isKind(kind)) return undefined;
  if (typeof opens !== 'boolean' || !isCount(more)) return undefined;
  const read = inside === null ? undefined : readNodes([inside ?? null, more], room, depth + 1);
  if (inside !== null && read === undefined) return undefined;
  return {
    ...{ label, kind, type, text, opens, more },
    size: isCount(size) ? size : undefined,
    unit: UNITS.find((known) => known === unit) ?? '',
    nodes: read?.nodes,
  };
}

function isText(value: GuestValue | undefined): value is string {
  return typeof value === 'string' && value.length <= MOST_TEXT;
}

function isCount(value: GuestValue | undefined): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isKind(value: GuestValue | undefined): value is VariableKind {
  return typeof value === 'string' && KINDS.includes(value);
}
