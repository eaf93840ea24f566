/** What the programs of a world asked for, made short: one row for all requests of a kind. */
import {
  type AccountedCall,
  type CapabilityUse,
  capabilityUse,
  formatHostCall,
  GuestRecord,
  type GuestValue,
  type Sandbox,
} from '../../src/index';

export interface AccountRow {
  readonly who: string;
  /** The last of them, as a line to read. */
  readonly asked: string;
  /** Nothing: it was allowed. */
  readonly refusal: string | undefined;
  readonly times: number;
}

/** Guests choose names and paths: the oldest rows make room. */
const MAX_ROWS = 80;
const MAX_CHARACTERS = 160;

export class AccountBook {
  readonly #rows = new Map<string, AccountRow>();
  readonly #onChange: () => void;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** Refusals first, and the newest of each first. */
  get rows(): readonly AccountRow[] {
    const rows = [...this.#rows.values()].reverse();
    return [...rows.filter(isRefused), ...rows.filter((row) => !isRefused(row))];
  }

  /** Until the sandbox is disposed. */
  async follow(who: string, sandbox: Sandbox): Promise<void> {
    for await (const call of sandbox.calls({ follow: true })) this.#add(who, call);
  }

  #add(who: string, call: AccountedCall): void {
    const entry = entryOf(call);
    if (entry === undefined) return;
    const key = `${who}\n${entry.kind}`;
    const times = (this.#rows.get(key)?.times ?? 0) + 1;
    const { asked, refusal } = entry;
    this.#rows.set(key, { who, asked: cut(asked), refusal: refusal && cut(refusal), times });
    if (this.#rows.size > MAX_ROWS) this.#rows.delete([...this.#rows.keys()][0] ?? '');
    this.#onChange();
  }
}

function isRefused({ refusal }: AccountRow): boolean {
  return refusal !== undefined;
}

interface Entry {
  /** The same for requests that share a row. */
  readonly kind: string;
  readonly asked: string;
  readonly refusal?: string;
}

/** Nothing for what says nothing: clocks, output, the interpreter's own files. */
function entryOf(call: AccountedCall): Entry | undefined {
  if (call.run === 0) return undefined;
  const use = capabilityUse(call);
  if (use !== undefined) return entryOfUse(use);
  if (!FILE_CALLS.has(call.name)) return undefined;
  const { path } = call.args;
  const name = `/${typeof path === 'string' ? path : '…'}`;
  if (call.errno === 0) return isOwn(name) ? { kind: name, asked: `file ${name}` } : undefined;
  // `formatHostCall` ends in the name of the error.
  const reason = formatHostCall(call).split(' = ').at(-1) ?? '';
  const refusal = REASONS[reason] ?? reason;
  return { kind: `${name} ${reason}`, asked: `file ${name}`, refusal };
}

const FILE_CALLS: ReadonlySet<string> = new Set([
  ...['path_open', 'path_create_directory', 'path_unlink_file', 'path_rename', 'path_symlink'],
]);

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file is in its sandbox',
  EACCES: 'it may not',
  EROFS: 'that can only be read',
  ENOTCAPABLE: 'that is outside its sandbox',
};

/** The rest is the standard library. */
function isOwn(path: string): boolean {
  return path.startsWith('/home') || path.startsWith('/tmp');
}

const VERBS: Readonly<Record<string, string>> = { get: 'read ', set: 'change ', can: 'may I: ' };

function entryOfUse(use: CapabilityUse): Entry | undefined {
  const { kind, subject, member, args, refusal, value } = use;
  if (kind !== 'call' && VERBS[kind] === undefined) return undefined;
  const what = `${nameOf(subject)}.${member}`;
  const asked =
    kind === 'call' ? `${what}(${args.map(shown).join(', ')})` : `${VERBS[kind] ?? ''}${what}`;
  if (refusal !== undefined) {
    const { code, message } = refusal;
    return { kind: `${asked} ${code}`, asked, refusal: `${WORDS[code] ?? code}: ${message}` };
  }
  const isNo = kind === 'can' && value === false;
  const shared = `${kind} ${subject}.${member}`;
  return isNo ? { kind: `${shared} no`, asked, refusal: 'no' } : { kind: shared, asked };
}

/** The account does not look handles up: they may mean nothing any more. */
function nameOf(subject: string): string {
  return subject === 'object' ? 'thing' : subject;
}

function shown(value: GuestValue): string {
  if (value instanceof GuestRecord) return 'thing';
  if (typeof value === 'bigint') return String(value);
  return typeof value === 'object' && value !== null ? '…' : JSON.stringify(value);
}

const WORDS: Readonly<Record<string, string>> = {
  forbidden: 'forbidden',
  unauthorized: 'not allowed',
  budget: 'budget used up',
  revoked: 'not there any more',
  type: 'wrong arguments',
};

function cut(text: string): string {
  return text.length <= MAX_CHARACTERS ? text : `${text.slice(0, MAX_CHARACTERS)}…`;
}
