/** The rules of the two worlds: manifests and limits, and the same in words for who reads the page. */
import type { Bounds, LimitsGiven, Manifest, ManifestBudget, ManifestRule } from '../../src/index';

export interface Rules {
  readonly manifest: Manifest;
  readonly limits: LimitsGiven & {
    readonly fuel: number;
    readonly wallMs: number;
    readonly heapBytes: number;
    readonly hostCalls: number;
  };
}

const MiB = 2 ** 20;

/** Fuel ends a loop at the same step on every machine; the clocks are for what fuel can't see. */
const shared = { cpuMs: 20_000, wallMs: 30_000, outputBytes: 64 * 1024, graceMs: 250 };

/** Members know each other: anything goes, but for Jane's treasury. */
export const homeRules: Rules = {
  manifest: {
    version: 1,
    rules: [
      { capability: 'world', decision: 'allow' },
      { capability: 'Thing', decision: 'allow' },
      { capability: 'treasury', actors: ['Jane'], decision: 'allow' },
      { capability: 'treasury', decision: 'unauthorized' },
    ],
  },
  limits: { ...shared, fuel: 20_000_000, hostCalls: 2_000, heapBytes: 64 * MiB },
};

/** Guests are welcome. They walk rather than jump, and nobody does more than 5,000 points of damage. */
export const abroadRules: Rules = {
  manifest: {
    version: 1,
    rules: [
      {
        capability: 'world',
        members: ['name', 'me', 'near', 'find', 'touch', 'damage'],
        decision: 'allow',
      },
      {
        capability: 'world',
        members: ['move'],
        args: { dx: { min: -1, max: 1 }, dy: { min: -1, max: 1 } },
        decision: 'allow',
      },
      {
        capability: 'world',
        members: ['say'],
        args: { text: { maxLength: 80 } },
        decision: 'allow',
      },
      { capability: 'Thing', access: ['get'], members: ['name', 'health'], decision: 'allow' },
    ],
    budgets: [{ capability: 'world', member: 'damage', budget: 5000, cost: 'points' }],
  },
  limits: { ...shared, fuel: 5_000_000, hostCalls: 500, heapBytes: 48 * MiB },
};

/** One sentence for each rule and budget. */
export function rulesInWords({ rules, budgets = [] }: Manifest): string[] {
  return [
    ...rules.map(ruleInWords),
    ...budgets.map(budgetInWords),
    'Only its owner may change an object.',
    'Whatever is not listed here is refused.',
  ];
}

export function limitsInWords({ limits }: Rules): string {
  const { fuel, hostCalls, wallMs, heapBytes } = limits;
  return (
    `Each event may take ${fuel.toLocaleString('en')} steps of Python, ${wallMs / 1000} seconds ` +
    `and ${hostCalls.toLocaleString('en')} requests; each object ${heapBytes / MiB} MiB of memory.`
  );
}

function ruleInWords({
  capability,
  members,
  access,
  actors,
  args,
  decision,
}: ManifestRule): string {
  const isAllowed = decision === 'allow' || decision === 'ask';
  const who = actors?.join(', ') ?? (isAllowed ? 'Everyone' : 'Nobody else');
  const may = actors === undefined || isAllowed ? 'may' : 'may not';
  const how = access === undefined ? 'use' : access.map((one) => ACCESSES[one]).join(', ');
  const what = members?.map((member) => `${capability}.${member}`).join(', ') ?? capability;
  const bounds = Object.entries(args ?? {}).map(
    ([name, bound]) => `${name} ${boundsInWords(bound)}`,
  );
  const where = bounds.length === 0 ? '' : `, with ${bounds.join(' and ')}`;
  const first = decision === 'ask' ? ', if you agree' : '';
  return `${who} ${may} ${how} ${what}${where}${first}.`;
}

function boundsInWords({ min, max, ...others }: Bounds): string {
  const range = min !== undefined && max !== undefined ? [`from ${min} to ${max}`] : [];
  const single = range.length > 0 ? {} : { min, max };
  const rest = Object.entries({ ...single, ...others }).filter(([, value]) => value !== undefined);
  return [...range, ...rest.map(([key, value]) => `${BOUNDS[key] ?? key} ${value}`)].join(', ');
}

const ACCESSES = { call: 'call', get: 'read', set: 'change' } as const;

const BOUNDS: Readonly<Record<string, string>> = {
  min: 'at least',
  max: 'at most',
  maxLength: 'no longer than',
  oneOf: 'one of',
  matches: 'like',
};

function budgetInWords({ capability, member, budget, cost = 1, per }: ManifestBudget): string {
  const one = typeof cost === 'number' ? `a call costs ${cost}` : `a call costs its ${cost}`;
  const how = per === 'run' ? 'in one run' : 'in all';
  return `${capability}.${member}: ${budget.toLocaleString('en')} for each object ${how}; ${one}.`;
}
