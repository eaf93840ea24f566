/** How long common modules take to import, each in a new sandbox: of `python -X importtime` what is cumulative. */

// Those that are not in the image of the interpreter, or bring many that are not.
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

/** Gives nanoseconds, and how many modules it has loaded in them. */
const PROGRAM = `
import sys
import time

def import_time(name):
    before = len(sys.modules)
    begin = time.perf_counter_ns()
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
    const figures = [];
    for (const name of MODULES) {
      const sandbox = await library.Sandbox.create({ guest });
      const { status } = await sandbox.run(PROGRAM);
      if (status !== 'ok') throw new Error(`the program ended with ${status}`);
      const told = await sandbox.evaluate(`import_time(${JSON.stringify(name)})`);
      sandbox.dispose();
      const [nanoseconds, modules] = /** @type {[number, number]} */ (told);
      const label = `${name} (modules: ${modules})`;
      figures.push({ label, value: nanoseconds / 1e6, unit: 'ms' });
    }
    const all = figures.reduce((sum, { value }) => sum + value, 0);
    return [...figures, { label: 'in all', value: all, unit: 'ms' }];
  },
};
