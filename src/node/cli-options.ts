/** The command line, read: what to run and how. */

export type Target =
  | { readonly kind: 'script'; readonly path: string }
  | { readonly kind: 'command'; readonly source: string }
  | { readonly kind: 'module'; readonly name: string }
  /** `-`: the program itself comes from standard input. */
  | { readonly kind: 'stdin' }
  /** Nothing named: the prompt, or standard input if that is no terminal. */
  | { readonly kind: 'prompt' }
  | { readonly kind: 'wasm'; readonly path: string }
  /** A trace, to be replayed. */
  | { readonly kind: 'replay'; readonly path: string }
  | { readonly kind: 'help' }
  | { readonly kind: 'version' };

export interface MountOption {
  readonly folder: string;
  readonly path: string;
  readonly writable: boolean;
}

export interface CliOptions {
  readonly target: Target;
  /** What the program finds after its own name. */
  readonly args: readonly string[];
  readonly mounts: readonly MountOption[];
  readonly heapBytes: number | undefined;
  readonly wallMs: number | undefined;
  readonly cpuMs: number | undefined;
  readonly log: string | undefined;
  /** Files of images: where to go on from, and where to leave off. */
  readonly resume: string | undefined;
  readonly save: string | undefined;
  /** The file for a trace. */
  readonly record: string | undefined;
  readonly verbose: boolean;
  readonly rawStdout: boolean;
  readonly noColor: boolean;
}

/** One clear line about what was wrong. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const USAGE = `Usage: glovebox [options] [script.py | -c CODE | -m MODULE | -] [args ...]

Runs Python in a sandbox: it sees the files that are mounted for it and nothing else.
Without a script: the interactive prompt.

  --tmp DIR               DIR, read-only, at /tmp
  --mount DIR:PATH[:rw]   DIR at PATH, read-only unless :rw
  --heapsize N[k|m|g]     the most memory that the program may use (default 256m)
  --timeout SECONDS       real time, waiting for you excluded (default: none)
  --cpu SECONDS           time that it computes (default: none)
  --save FILE             afterwards, leave an image of the whole sandbox in FILE
  --resume FILE           go on in the sandbox that was left there, with the same mounts
  --record FILE           leave a trace of all that the program is told in FILE
  --replay FILE           run what was recorded there once more, with the same answers
  --log FILE              append what you type to FILE
  --verbose               show every host call on stderr
  --raw-stdout            let the program's control sequences through to a terminal
  --nocolor               strip its colours
  --wasm FILE             run another WASI preview1 program instead of Python
  --help, --version

A script that lies under a mount's PATH is run from there; any other is a file of yours, and that
one file is all that the program gets of its folder.

Exit status: the program's own; 124 time limit, 137 memory limit, 134 trap, 2 bad usage.
With --replay: 0 it did the same again, 1 it did not.
`;

interface Draft {
  mounts: MountOption[];
  heapBytes?: number;
  wallMs?: number;
  cpuMs?: number;
  log?: string;
  resume?: string;
  save?: string;
  record?: string;
  verbose: boolean;
  rawStdout: boolean;
  noColor: boolean;
}

/** Throws `UsageError`. */
export function parseCommandLine(words: readonly string[]): CliOptions {
  const draft: Draft = { mounts: [], verbose: false, rawStdout: false, noColor: false };
  const rest = [...words];
  let target: Target | undefined;
  while (target === undefined) {
    const word = rest.shift();
    if (word === undefined) target = { kind: 'prompt' };
    else if (word === '-') target = { kind: 'stdin' };
    else if (!word.startsWith('-')) target = { kind: 'script', path: word };
    else target = readOption(word, rest, draft);
  }
  const { heapBytes, wallMs, cpuMs, log, resume, save, record } = draft;
  const forPython = Object.entries({ save, resume, record }).find(([, file]) => file !== undefined);
  if (target.kind === 'wasm' && forPython !== undefined) {
    throw new UsageError(`--${forPython[0]} is for Python only`);
  }
  if (target.kind === 'replay' && (rest.length > 0 || forPython !== undefined)) {
    throw new UsageError('--replay takes its program and all it needs from the trace');
  }
  return { ...draft, target, args: rest, heapBytes, wallMs, cpuMs, log, resume, save, record };
}

/** A target, if the option names one; else what it says goes into the draft. */
function readOption(word: string, rest: string[], draft: Draft): Target | undefined {
  const equals = word.startsWith('--') ? word.indexOf('=') : -1;
  const name = equals < 0 ? word : word.slice(0, equals);
  const value = (): string => {
    const given = equals < 0 ? rest.shift() : word.slice(equals + 1);
    if (given === undefined) throw new UsageError(`${name} needs a value`);
    return given;
  };
  const flag = (): void => {
    if (equals >= 0) throw new UsageError(`${name} takes no value`);
  };
  switch (name) {
    case '-c':
      return { kind: 'command', source: value() };
    case '-m':
      return { kind: 'module', name: value() };
    case '--wasm':
      return { kind: 'wasm', path: value() };
    case '-h':
    case '--help':
      flag();
      return { kind: 'help' };
    case '-V':
    case '--version':
      flag();
      return { kind: 'version' };
    case '--tmp':
      draft.mounts.push({ folder: value(), path: '/tmp', writable: false });
      return undefined;
    case '--mount':
      draft.mounts.push(parseMount(value()));
      return undefined;
    case '--heapsize':
      draft.heapBytes = parseSize(value());
      return undefined;
    case '--timeout':
      draft.wallMs = parseSeconds(name, value());
      return undefined;
    case '--cpu':
      draft.cpuMs = parseSeconds(name, value());
      return undefined;
    case '--save':
      draft.save = value();
      return undefined;
    case '--resume':
      draft.resume = value();
      return undefined;
    case '--record':
      draft.record = value();
      return undefined;
    case '--replay':
      return { kind: 'replay', path: value() };
    case '--log':
      draft.log = value();
      return undefined;
    case '--verbose':
      flag();
      draft.verbose = true;
      return undefined;
    case '--raw-stdout':
      flag();
      draft.rawStdout = true;
      return undefined;
    case '--nocolor':
      flag();
      draft.noColor = true;
      return undefined;
    default:
      throw new UsageError(`unknown option ${name}`);
  }
}

function parseMount(text: string): MountOption {
  // The path starts at the last ':/', so that a folder may have colons in its name.
  const match = /^(?<folder>.+):(?<path>\/[^:]*)(?<mode>:rw|:ro)?$/s.exec(text);
  const { folder, path, mode } = match?.groups ?? {};
  if (folder === undefined || path === undefined) {
    throw new UsageError(`--mount ${text}: it must be DIR:PATH or DIR:PATH:rw, PATH absolute`);
  }
  return { folder, path, writable: mode === ':rw' };
}

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };

function parseSize(text: string): number {
  const match = /^(?<number>\d+(\.\d+)?)(?<unit>[kmg]?)$/i.exec(text);
  const { number, unit = '' } = match?.groups ?? {};
  const bytes = Math.floor(Number(number) * (UNITS[unit.toLowerCase()] ?? 1));
  if (!(bytes > 0 && bytes < Number.POSITIVE_INFINITY)) {
    throw new UsageError(`--heapsize ${text}: it must be a number, with k, m or g if need be`);
  }
  return bytes;
}

function parseSeconds(name: string, text: string): number {
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  // Digits enough make it infinite, which would be no limit at all.
  if (!(seconds > 0 && seconds < Number.POSITIVE_INFINITY)) {
    throw new UsageError(`${name} ${text}: it must be a number of seconds`);
  }
  return seconds * 1000;
}
