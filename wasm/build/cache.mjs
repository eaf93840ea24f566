// The folder of everything built: stages under keys of their own, logs, and a lock.
import { spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const LOG_TAIL_LINES = 40;
/** How a stage's script begins the one line that says what is wrong. */
const REASON = 'glovebox: ';
const LOCK_POLL_MS = 500;

/** A failure whose message says all that the user needs: no stack trace. */
export class BuildError extends Error {}

export function cacheRoot(environment) {
  if (environment.GLOVEBOX_CACHE) return environment.GLOVEBOX_CACHE;
  return join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'glovebox');
}

export class Cache {
  #root;

  constructor(root) {
    this.#root = root;
    mkdirSync(join(root, 'logs'), { recursive: true });
  }

  path(...names) {
    return join(this.#root, ...names);
  }

  /** Runs `work` while no other build in this cache runs. */
  async locked(work) {
    const path = this.path('lock');
    // Linked into place with its content, so that nobody ever reads it empty.
    const mine = `${path}.${process.pid}`;
    writeFileSync(mine, String(process.pid));
    try {
      await this.#acquire(path, mine);
    } finally {
      rmSync(mine, { force: true });
    }
    const release = () => rmSync(path, { force: true });
    const onSignal = () => {
      release();
      process.exit(130);
    };
    process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
    try {
      return await work();
    } finally {
      release();
      process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    }
  }

  async #acquire(path, mine) {
    for (let told = false; ; told = true) {
      try {
        linkSync(mine, path);
        return;
      } catch (error) {
        if (error.code !== 'EEXIST') throw error;
      }
      const holder = readHolder(path);
      if (holder !== undefined && !isAlive(holder)) {
        rmSync(path, { force: true });
        continue;
      }
      if (!told) report(`waiting for another build (process ${holder ?? '?'})`);
      await sleep(LOCK_POLL_MS);
    }
  }

  /**
   * The folder of a stage, built unless it is there. It is built in place, because native builds know
   * their own path; the mark of completion comes last.
   */
  async stage(name, key, build) {
    const folder = this.path(`${name}-${key}`);
    const mark = join(folder, '.complete');
    if (existsSync(mark)) return folder;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const work = this.path(`${name}-${key}.work`);
    rmSync(work, { recursive: true, force: true });
    mkdirSync(work, { recursive: true });
    await timed(name, () => build({ folder, work, log: this.path('logs', `${name}-${key}.log`) }));
    rmSync(work, { recursive: true, force: true });
    writeFileSync(mark, '');
    return folder;
  }
}

/** Tells when a piece of work begins and how long it took. */
export async function timed(name, work) {
  const started = performance.now();
  report(`${name} ...`);
  const result = await work();
  report(`${name}: ${((performance.now() - started) / 1000).toFixed(1)} s`);
  return result;
}

/** Runs a command with all its output in a log; its failure shows the log's end. */
export async function runLogged(name, command, args, { log, env }) {
  const output = openSync(log, 'w');
  const child = spawn(command, args, { env, stdio: ['ignore', output, output] });
  const status = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? signal));
  });
  closeSync(output);
  if (status === 0) return;
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n');
  const reason = lines.at(-1);
  if (reason.startsWith(REASON)) throw new BuildError(reason.slice(REASON.length));
  const tail = lines.slice(-LOG_TAIL_LINES).join('\n');
  throw new BuildError(`${tail}\nstage ${name} failed (${status}); its whole log: ${log}`);
}

export function report(line) {
  process.stderr.write(`guest: ${line}\n`);
}

function readHolder(path) {
  try {
    return Number(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
