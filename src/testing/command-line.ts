/** For tests: the command line as its users have it, as a process. */
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { projectFolder } from './guest-test';

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** What standard input holds; without it, it is at its end. */
  readonly input?: string | Uint8Array;
  readonly cwd?: string;
  /** Gets the process as soon as it has printed something. */
  readonly onFirstOutput?: (child: ChildProcess) => void;
}

const program = path.join(projectFolder, 'bin', 'glovebox.mjs');

export function glovebox(words: readonly string[], options: RunOptions = {}): Promise<Finished> {
  return run([process.execPath, program, ...words], options);
}

/** The same at a pseudo-terminal; `script` writes what appears there to its standard output. */
export function gloveboxAtTerminal(
  words: readonly string[],
  options: RunOptions = {},
): Promise<Finished> {
  const command = [process.execPath, program, ...words].map(quoted).join(' ');
  return run(['script', '--quiet', '--return', '--command', command, '/dev/null'], options);
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

function run(
  [file = '', ...args]: readonly string[],
  { input = '', cwd = projectFolder, onFirstOutput }: RunOptions,
): Promise<Finished> {
  const child = spawn(file, args, { cwd });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (piece: Buffer) => stdout.push(piece));
  child.stderr.on('data', (piece: Buffer) => stderr.push(piece));
  if (onFirstOutput !== undefined) child.stdout.once('data', () => onFirstOutput(child));
  // A program that does not read its input may end before it is written.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({
        code,
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString(),
      }),
    );
  });
}
