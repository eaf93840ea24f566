/** How long common modules take to import, each in a new sandbox: of `python -X importtime` what is cumulative. */

// Those that are in the image of the interpreter cost nothing.
const MODULES = [
  'argparse',
  'asyncio',
  'csv',
  'decimal',
  'difflib',
  'email.message',
  'fractions',
  'html.parser',
  'http.client',
  'json',
  'logging',
  'pathlib',
  'pickle',
  'random',
  'sqlite3',
  'statistics',
  'tempfile',
  'typing',
  'unittest',
  'urllib.request',
  'xml.etree.ElementTree',
  'zipfile',
];

/** `import_time` gives nanoseconds, and how many modules were loaded in them. */
const PROGRAM = `
import sys
import time

def import_time(names):
    before = len(sys.modules)
    begin = time.perf_counter_ns()
    for name in names:
        __import__(name)
    return [time.perf_counter_ns() - begin, len(sys.modules) - before]
`;

/** @type {import('../figures.mjs').Row} */
export const row = {
  name: 'imports',
  title: 'Imports of common modules, each in a new sandbox',
  repeats: 5,
  hosts: ['chromium', 'firefox', 'node'],
  async measure({ library }) {
    const guest = await library.PythonGuest.load();
    // What a page loads once for all of them: an archive of the library, and the interpreter's rarely called code.
    await importTime(library, guest, MODULES);
    /** @type {import('../figures.mjs').Figure[]} */
    const figures = [];
    for (const name of MODULES) {
      const [nanoseconds, modules] = await importTime(library, guest, [name]);
      figures.push({
        label: `${name} (modules: ${modules})`,
        value: nanoseconds / 1e6,
        unit: 'ms',
      });
    }
    const all = figures.reduce((sum, { value }) => sum + value, 0);
    return [...figures, { label: 'in all', value: all, unit: 'ms' }];
  },
};

/**
 * In one new sandbox.
 * @param {import('../figures.mjs').Library} library
 * @param {import('../../src/index').PythonGuest} guest
 * @param {readonly string[]} names
 */
async function importTime(library, guest, names) {
  const sandbox = await library.Sandbox.create({ guest });
  try {
    const { status } = await sandbox.run(PROGRAM);
    if (status !== 'ok') throw new Error(`the program ended with ${status}`);
    const told = await sandbox.evaluate(`import_time(${JSON.stringify(names)})`);
    return /** @type {[number, number]} */ (told);
  } finally {
    sandbox.dispose();
  }
}
