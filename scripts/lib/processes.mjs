/** Child processes: shown as they run, or captured and shown only when they fail. */
import { spawn } from 'node:child_process';
import { projectRoot } from './project.mjs';

/**
 * @typedef {{ status: number, stdout: string, output: string }} Finished
 * @typedef {{ env?: Record<string, string>, show?: boolean }} RunOptions
 */

/**
 * Runs a program in the project folder. Never rejects: a program that cannot be started answers
 * status 127 with the reason in `output`.
 * @param {readonly string[]} command
 * @param {RunOptions} [options] `show`: print the output as it comes instead of keeping it.
 * @returns {Promise<Finished>}
 */
export function run(command, { env = {}, show = false } = {}) {
  const [program = '', ...args] = command;
  const outputTo = show ? 'inherit' : 'pipe';
  return new Promise((resolve) => {
    /** @type {import('node:child_process').ChildProcess} */
    const child = spawn(program, args, {
      cwd: projectRoot,
      env: { ...process.env, ...(process.stdout.isTTY ? {} : { NO_COLOR: '1' }), ...env },
      stdio: ['ignore', outputTo, outputTo],
    });
    let stdout = '';
    let output = '';
    child.stdout?.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      stdout += text;
      output += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      output += text;
    });
    child.on('error', (error) => resolve({ status: 127, stdout, output: error.message }));
    child.on('close', (code, signal) => {
      if (signal !== null) output += `\n${program} was ended by ${signal}`;
      resolve({ status: code ?? 1, stdout, output });
    });
  });
}

/**
 * @param {string} text
 * @param {number} count
 */
export function lastLines(text, count) {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
