/** How each kind of interpreter is started, as its own documentation says, and given its files. */
import { FOLDER } from './order.mjs';

/** In bytes: more than any program needs. */
const HEAP_BYTES = 512 * 2 ** 20;
/** MicroPython takes all of it at its start. */
const MICROPYTHON_HEAP_BYTES = 128 * 2 ** 20;
/** In words: for programs that recurse. */
const MICROPYTHON_STACK_WORDS = 64 * 1024;

/** @typedef {(files: Record<string, string>) => Promise<import('./order.mjs').Interpreter>} Open */

/**
 * This project's guest, warmed up, without limits that a program could reach.
 * @param {Pick<typeof import('../../src/index'), 'Sandbox' | 'MemoryVolume' | 'warmUp'>} library
 * @param {() => Promise<import('../../src/index').PythonGuest>} load
 * @returns {Open}
 */
export function glovebox({ Sandbox, MemoryVolume, warmUp }, load) {
  return async (files) => {
    const none = Number.POSITIVE_INFINITY;
    let errors = '';
    const guest = await load();
    await warmUp({ guest });
    const sandbox = await Sandbox.create({
      guest,
      limits: { heapBytes: HEAP_BYTES, wallMs: none, cpuMs: none, fuel: none },
      mounts: { [FOLDER]: MemoryVolume.from(files, { readOnly: true }) },
      onOutput: (bytes) => {
        errors += new TextDecoder().decode(bytes);
      },
    });
    return {
      async run(source) {
        const { status } = await sandbox.run(source);
        if (status !== 'ok') throw new Error(`the guest ended with ${status}: ${errors}`);
      },
      evaluate: (source) => sandbox.evaluate(source),
    };
  };
}

/**
 * Pyodide, from where npm has put it.
 * @param {{ loadPyodide: typeof import('pyodide').loadPyodide }} library
 * @param {string} indexURL
 * @returns {Open}
 */
export function pyodide({ loadPyodide }, indexURL) {
  return async (files) => {
    const python = await loadPyodide({ indexURL, env: { PYTHONHASHSEED: '0' } });
    writeFiles(python.FS, files);
    return {
      run: (source) => python.runPython(source),
      evaluate: (source) => python.runPython(source),
    };
  };
}

/**
 * @typedef {{
 *   FS: FileSystem,
 *   globals: { get: (name: string) => unknown },
 *   runPython: (source: string) => unknown,
 * }} MicroPython
 * @param {{ loadMicroPython: (options: object) => Promise<MicroPython> }} library
 * @returns {Open}
 */
export function micropython({ loadMicroPython }) {
  return async (files) => {
    const python = await loadMicroPython({
      heapsize: MICROPYTHON_HEAP_BYTES,
      pystack: MICROPYTHON_STACK_WORDS,
    });
    writeFiles(python.FS, files);
    return {
      run: (source) => python.runPython(source),
      evaluate(source) {
        python.runPython(`answer = ${source}`);
        return python.globals.get('answer');
      },
    };
  };
}

/**
 * @typedef {{ mkdir: (path: string) => void, writeFile: (path: string, text: string) => void }} FileSystem
 * @param {FileSystem} system
 * @param {Record<string, string>} files
 */
function writeFiles(system, files) {
  system.mkdir(FOLDER);
  for (const [name, text] of Object.entries(files)) system.writeFile(`${FOLDER}/${name}`, text);
}
