/** CPython's own tests, packed for a page. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Zippable, zipSync } from 'fflate';

const project = fileURLToPath(new URL('../../', import.meta.url));

/** Beside the modules themselves: the runner, its helpers, and the data of some tests. */
const folders = ['libregrtest', 'support', 'mathdata', 'typinganndata'];

/** A zip of the test package, with the given modules in it. */
export function packTests(modules: readonly string[]): Buffer {
  const build = path.join(project, 'wasm', 'build.mjs');
  const output = execFileSync(process.execPath, [build, '--print-dir'], { encoding: 'utf8' });
  const root = path.join(output.trim(), 'test');
  const files: Zippable = {};
  for (const name of readdirSync(root)) {
    const isHelper = name.endsWith('.py') && !name.startsWith('test_');
    const isWanted = folders.includes(name) || modules.includes(name.replace(/\.py$/, ''));
    if (isHelper || isWanted) add(files, root, name);
  }
  return Buffer.from(zipSync(files, { level: 0 }));
}

function add(files: Zippable, root: string, name: string): void {
  const file = path.join(root, name);
  if (!statSync(file).isDirectory()) {
    files[name] = new Uint8Array(readFileSync(file));
    return;
  }
  for (const inner of readdirSync(file)) {
    if (inner !== '__pycache__') add(files, root, `${name}/${inner}`);
  }
}
