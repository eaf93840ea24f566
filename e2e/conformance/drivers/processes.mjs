/** Programs that run beside a test: their words are waited for, and they are always ended. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const START_MS = 60_000;
const END_MS = 5_000;

export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'glovebox-browser-'));
  return {
    folder,
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}

/** @param {number} durationMs */
export function pause(durationMs) {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}

/**
 * Starts a program as the head of a process group, so that what it starts ends with it.
 * @param {readonly string[]} command
 * @param {{ env?: Record<string, string> }} [options]
 */
export function startProcess(command, { env = {} } = {}) {
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    detached: true,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let ended = false;
  const finished = new Promise((resolve) => {
    const finish = () => {
      ended = true;
      resolve(undefined);
    };
    child.on('close', finish);
    child.on('error', (error) => {
      output += error.message;
      finish();
    });
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      output += text;
    });
  }
  /** @param {NodeJS.Signals} signal */
  const signal = (signal) => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      // It has ended, and all that it started.
    }
  };
  // Should this process be ended first, nobody else would end them.
  const atExit = () => signal('SIGKILL');
  process.once('exit', atExit);
  return {
    /**
     * Waits until the program has printed something.
     * @param {RegExp} pattern
     * @returns {Promise<RegExpExecArray>}
     */
    async says(pattern) {
      const deadline = performance.now() + START_MS;
      for (;;) {
        const found = pattern.exec(output);
        if (found !== null) return found;
        if (ended || performance.now() > deadline) {
          throw new Error(`${program} did not start:\n${output.slice(-2000)}`);
        }
        await pause(20);
      }
    },
    async end() {
      signal('SIGTERM');
      await Promise.race([finished, pause(END_MS)]);
      signal('SIGKILL');
      await finished;
      process.off('exit', atExit);
    },
  };
}
