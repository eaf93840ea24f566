/** `npx glovebox`: the sandbox on the command line. */
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { WorldOptions } from '../controller/guest-world';
import { formatHostCall } from '../controller/host-call-text';
import type { Outcome } from '../controller/outcome';
import type { OutputListener } from '../controller/output';
import type { Program } from '../controller/turn';
import { GloveboxError } from '../errors';
import { OutputFilter } from '../terminal/output-filter';
import { MemoryVolume } from '../volume/memory-volume';
import type { Volume } from '../volume/volume';
import { type CliOptions, parseCommandLine, USAGE, UsageError } from './cli-options';
import { HostDirectoryError } from './host-directory-error';
import { HostDirectoryVolume } from './host-directory-volume';
import {
  PythonGuest,
  type Recording,
  replay,
  Sandbox,
  SandboxImage,
  type SandboxOptions,
  startWasiProgram,
} from './index';
import { ProcessTerminal } from './prompt';
import { openProcessStdin } from './stdin';

const EXIT_USAGE = 2;
const EXIT_TIME_LIMIT = 124;
const EXIT_TRAP = 134;
const EXIT_MEMORY = 137;
const EXIT_INTERRUPTED = 130;

/** Where a script is that lies in no mount and not at home. */
const SCRIPTS = '/script';

const DEFAULT_HEAP_BYTES = 256 * 1024 * 1024;

/** How soon a second Ctrl-C must follow to end a program that did not heed the first, in ms. */
const INSIST_MS = 2000;

/** What the exit status comes from. */
type Ended =
  | Pick<Extract<Outcome, { status: 'exit' }>, 'status' | 'exitCode'>
  | Pick<Extract<Outcome, { status: 'trap' }>, 'status' | 'message'>
  | { readonly status: Exclude<Outcome['status'], 'exit' | 'trap'> };

/** Runs the command line; gives the exit status. */
export async function main(words: readonly string[]): Promise<number> {
  try {
    const options = parseCommandLine(words);
    if (options.target.kind === 'help') return print(USAGE);
    if (options.target.kind === 'version') return await printVersion();
    endWithReader();
    if (options.target.kind === 'replay') return await replayFile(options.target.path, options);
    return await run(options);
  } catch (error) {
    const known =
      error instanceof UsageError ||
      error instanceof GloveboxError ||
      error instanceof HostDirectoryError;
    if (!known) throw error;
    complain(error.message);
    return EXIT_USAGE;
  }
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

/** A command is one sandbox: no worker waits for the next. */
function loadGuest(): Promise<PythonGuest> {
  return PythonGuest.load(undefined, { spareWorker: false });
}

async function printVersion(): Promise<number> {
  const guest = await loadGuest();
  return print(`glovebox with Python ${guest.pythonVersion}, build ${guest.buildId}\n`);
}

function complain(line: string): void {
  process.stderr.write(`glovebox: ${line}\n`);
}

async function run(options: CliOptions): Promise<number> {
  const mounts = openMounts(options);
  for (const file of [options.log, options.save, options.record])
    if (file !== undefined) checkWritable(file);
  const { log, noColor, rawStdout } = options;
  const terminal = isForPrompt(options)
    ? new ProcessTerminal({ colors: !noColor, raw: rawStdout, log })
    : undefined;
  const stdin = terminal === undefined ? openProcessStdin(log) : undefined;
  const world: WorldOptions = {
    mounts,
    ...(terminal?.terminal.attachment ?? {
      stdin: stdin?.source,
      terminal: {
        // Where a stream is no terminal it has no such property at all.
        stdin: process.stdin.isTTY === true,
        stdout: process.stdout.isTTY === true,
        stderr: process.stderr.isTTY === true,
      },
      onOutput: outputListener(options),
    }),
    limits: {
      heapBytes: options.heapBytes ?? DEFAULT_HEAP_BYTES,
      // The one who typed the command is there to end it: no limit that was not asked for.
      wallMs: options.wallMs ?? Number.POSITIVE_INFINITY,
      cpuMs: options.cpuMs ?? Number.POSITIVE_INFINITY,
      fuel: Number.POSITIVE_INFINITY,
      hostCalls: Number.POSITIVE_INFINITY,
      outputBytes: Number.POSITIVE_INFINITY,
      openFiles: 1024,
    },
    onHostCall: options.verbose
      ? (call) => process.stderr.write(`${formatHostCall(call)}\n`)
      : undefined,
  };
  try {
    const outcome =
      options.target.kind === 'wasm'
        ? await runWasm(options.target.path, options, world)
        : await runPython(options, world, mounts, terminal);
    return exitStatus(outcome);
  } finally {
    stdin?.close();
  }
}

/** Nothing is to be run, and there is somebody at a terminal. */
function isForPrompt({ target }: CliOptions): boolean {
  return target.kind === 'prompt' && process.stdin.isTTY === true && process.stdout.isTTY === true;
}

function openMounts(options: CliOptions): Record<string, Volume> {
  const mounts: Record<string, Volume> = {};
  for (const { folder, path: at, writable } of options.mounts) {
    const normal = path.posix.normalize(at).replace(/(?<=.)\/$/, '');
    if (Object.hasOwn(mounts, normal)) throw new UsageError(`two mounts on ${normal}`);
    mounts[normal] = HostDirectoryVolume.open(folder, { writable });
  }
  return mounts;
}

/** To a terminal goes what is harmless there; into a file or a pipe, every byte as it is. */
function outputListener(options: CliOptions): OutputListener {
  const filters = {
    stdout: new OutputFilter({ colors: !options.noColor, movement: false }),
    stderr: new OutputFilter({ colors: !options.noColor, movement: false }),
  };
  return (bytes, stream) => {
    const target = process[stream];
    const filtered = target.isTTY && !options.rawStdout;
    // A copy: what the reader does not take at once waits here, after this call.
    const taken = target.write(filtered ? filters[stream].write(bytes) : bytes.slice());
    return taken ? undefined : once(target, 'drain');
  };
}

async function runWasm(file: string, options: CliOptions, world: WorldOptions): Promise<Outcome> {
  const program = await startWasiProgram(readHostFile(file), {
    ...world,
    args: [path.basename(file), ...options.args],
  });
  return withInterrupt(
    () => program.terminate(),
    () => program.terminate(),
    program.outcome,
  );
}

async function runPython(
  options: CliOptions,
  world: WorldOptions,
  mounts: Record<string, Volume>,
  terminal: ProcessTerminal | undefined,
): Promise<Ended> {
  const { program, extra } = planProgram(options, mounts);
  const guest = await loadGuest();
  const all = { ...world, guest, mounts: { ...mounts, ...extra } };
  const sandbox = await (options.resume === undefined
    ? Sandbox.create(all)
    : resumeSandbox(options.resume, all));
  const interrupt = (): void => sandbox.interrupt();
  const terminate = (): void => sandbox.terminate();
  const { record } = options;
  let recording: Recording | undefined;
  try {
    recording = record === undefined ? undefined : await sandbox.record();
    const outcome = await (terminal === undefined
      ? withInterrupt(interrupt, terminate, sandbox.runProgram(program))
      : endOfPrompt(terminal, sandbox));
    if (options.save !== undefined) await saveSandbox(sandbox, options.save);
    if (!sandbox.alive) return outcome;
    // As a program ends: its atexit functions run, and a failure there is the exit status.
    const finished = await withInterrupt(interrupt, terminate, sandbox.finish());
    return finished.status === 'ok' || outcome.status !== 'ok' ? outcome : finished;
  } finally {
    sandbox.dispose();
    if (recording !== undefined && record !== undefined) {
      writeHostFile(record, await recording.stop().encode());
    }
  }
}

/** As a program that ends the same way. */
async function endOfPrompt(terminal: ProcessTerminal, sandbox: Sandbox): Promise<Ended> {
  const end = await terminal.prompt(sandbox);
  switch (end.reason) {
    case 'exit':
      return end.exitCode === 0 ? { status: 'ok' } : { status: 'exit', exitCode: end.exitCode };
    case 'spent':
      return end.outcome;
    case 'disposed':
      return { status: 'terminated' };
  }
}

async function replayFile(file: string, options: CliOptions): Promise<number> {
  const { heapBytes = DEFAULT_HEAP_BYTES, wallMs } = options;
  const result = await replay(readHostFile(file), {
    guest: await loadGuest(),
    onOutput: outputListener(options),
    limits: { heapBytes, wallMs: wallMs ?? Number.POSITIVE_INFINITY },
  });
  if (result.status === 'same') return 0;
  const { at, expected, actual } = result;
  complain(`it differs at call ${at.call} of entry ${at.entry}`);
  complain(`recorded: ${expected}`);
  complain(`replayed: ${actual}`);
  return 1;
}

async function resumeSandbox(file: string, options: SandboxOptions): Promise<Sandbox> {
  const image = await SandboxImage.decode(readHostFile(file));
  // What was run when it was saved is gone, and so is its folder.
  const scripts = image.mounts.includes(SCRIPTS) ? { [SCRIPTS]: MemoryVolume.from({}) } : {};
  return Sandbox.restore(image, { ...options, mounts: { ...scripts, ...options.mounts } });
}

async function saveSandbox(sandbox: Sandbox, file: string): Promise<void> {
  if (!sandbox.alive) return complain(`the program was ended: ${file} is left as it was`);
  const image = await sandbox.snapshot();
  writeHostFile(file, await image.encode());
}

function planProgram(
  { target, args, save, resume }: CliOptions,
  mounts: Record<string, Volume>,
): { program: Program; extra: Record<string, Volume> } {
  const argv = [...args];
  switch (target.kind) {
    case 'command':
      return {
        program: { kind: 'command', source: new TextEncoder().encode(target.source), argv },
        extra: {},
      };
    case 'module':
      return { program: { kind: 'module', name: target.name, argv }, extra: {} };
    case 'script':
      return planScript(target.path, argv, mounts, (save ?? resume) !== undefined);
    default:
      return { program: { kind: 'stdin', argv }, extra: {} };
  }
}

function planScript(
  script: string,
  argv: readonly string[],
  mounts: Record<string, Volume>,
  isImage: boolean,
): { program: Program; extra: Record<string, Volume> } {
  const normal = path.posix.normalize(script);
  if (Object.keys(mounts).some((mount) => normal.startsWith(`${mount}/`))) {
    return { program: { kind: 'file', path: normal, argv }, extra: {} };
  }
  const content = readHostFile(script);
  const name = path.basename(script);
  // An image has its own home.
  const at = isImage || Object.hasOwn(mounts, '/home') ? SCRIPTS : '/home';
  return {
    program: { kind: 'file', path: `${at}/${name}`, argv },
    extra: { [at]: MemoryVolume.from({ [name]: content }) },
  };
}

function readHostFile(file: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(file));
  } catch (error) {
    throw new UsageError(`can't read ${file}: ${codeOf(error)}`);
  }
}

function writeHostFile(file: string, bytes: Uint8Array): void {
  try {
    writeFileSync(file, bytes);
  } catch (error) {
    throw new UsageError(`can't write ${file}: ${codeOf(error)}`);
  }
}

/** At the start, rather than when there is something to write. */
function checkWritable(file: string): void {
  try {
    closeSync(openSync(file, 'a'));
  } catch (error) {
    throw new UsageError(`can't write ${file}: ${codeOf(error)}`);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'no access';
}

/** Ctrl-C asks the program to stop; a second one soon after makes it. */
async function withInterrupt<T>(
  interrupt: () => void,
  terminate: () => void,
  running: Promise<T>,
): Promise<T> {
  let askedAt = Number.NEGATIVE_INFINITY;
  const onInterrupt = (): void => {
    const now = performance.now();
    if (now - askedAt < INSIST_MS) terminate();
    else interrupt();
    askedAt = now;
  };
  process.on('SIGINT', onInterrupt);
  try {
    return await running;
  } finally {
    // Nothing runs that one more could stop; without a listener it would end this process before its time.
    process.on('SIGINT', () => undefined);
    process.off('SIGINT', onInterrupt);
  }
}

function exitStatus(outcome: Ended): number {
  switch (outcome.status) {
    case 'ok':
      return 0;
    case 'error':
      return 1;
    case 'exit':
      return outcome.exitCode & 0xff;
    case 'interrupted':
    case 'terminated':
      return EXIT_INTERRUPTED;
    case 'timeout':
      complain('the time limit ended the program');
      return EXIT_TIME_LIMIT;
    case 'cpu':
      complain('the CPU limit ended the program');
      return EXIT_TIME_LIMIT;
    case 'output':
      complain('the output limit ended the program');
      return EXIT_TIME_LIMIT;
    case 'memory':
      return EXIT_MEMORY;
    case 'trap':
      complain(`the program crashed: ${outcome.message}`);
      return EXIT_TRAP;
  }
}

/** The reader of our output may go: then, as any program in a pipe does, end quietly. */
function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? 0 : 1);
  });
}
