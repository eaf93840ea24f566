// Finds the programs that a build needs, or says what to install.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BuildError } from './cache.mjs';

/**
 * { compiler, binaryen, wasmOpt, canProfile }: the version strings for the key, wasm-opt's path, and whether
 * the compiler comes with the tool for its profiles, whose format is its own.
 */
export function findTools({ versions, root, environment }) {
  const sdk = environment.WASI_SDK_PATH;
  const compiler = sdk ? join(sdk, 'bin/clang') : `clang-${versions.LLVM_VERSION}`;
  const installed = join(root, 'node_modules/.bin/wasm-opt');
  const wasmOpt = existsSync(installed) ? installed : 'wasm-opt';
  const compilerVersion = firstLine(compiler, '--version');
  const binaryen = existsSync(installed)
    ? `wasm-opt version ${readPackageVersion(join(root, 'node_modules/binaryen/package.json'))}`
    : firstLine(wasmOpt, '--version');

  const missing = [];
  if (compilerVersion === undefined) missing.push(compiler);
  if (!sdk) {
    const suffix = versions.LLVM_VERSION;
    missing.push(...[`wasm-ld-${suffix}`, `llvm-ar-${suffix}`].filter((name) => !runs(name)));
  }
  missing.push(...['make', 'patch', 'tclsh'].filter((name) => !isOnPath(name, environment)));
  if (!(environment.CPYTHON_SOURCE && environment.LIBRARY_SOURCES)) {
    if (!isOnPath('dpkg-source', environment)) missing.push('dpkg-source');
  }
  if (missing.length > 0) {
    const packages = readDebianPackages(join(root, 'wasm/debian-packages.txt')).join(' ');
    throw new BuildError(`missing: ${missing.join(', ')}. On Debian: apt-get install ${packages}`);
  }
  if (binaryen === undefined) throw new BuildError('missing: wasm-opt. Install it: npm install');
  if (!binaryen.startsWith(`wasm-opt version ${versions.BINARYEN_VERSION}`)) {
    throw new BuildError(`found ${binaryen}, versions.env asks for ${versions.BINARYEN_VERSION}`);
  }
  const canProfile = !sdk && runs(`llvm-profdata-${versions.LLVM_VERSION}`);
  return { compiler: compilerVersion, binaryen, wasmOpt, canProfile };
}

function readDebianPackages(path) {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.map((line) => line.replace(/#.*/, '').trim()).filter((line) => line !== '');
}

function readPackageVersion(path) {
  return JSON.parse(readFileSync(path, 'utf8')).version;
}

function firstLine(command, ...args) {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 ? stdout.split('\n', 1)[0] : undefined;
}

function runs(command) {
  return firstLine(command, '--version') !== undefined;
}

function isOnPath(name, environment) {
  return (environment.PATH ?? '').split(':').some((folder) => existsSync(join(folder, name)));
}
