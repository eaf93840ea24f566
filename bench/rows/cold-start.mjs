/** From nothing to the first result: the guest's files are read and compiled on the way. */

/** @type {import('../figures.mjs').Row} */
export const row = {
  name: 'cold-start',
  title: 'Start of a sandbox, nothing loaded',
  repeats: 5,
  async measure({ library }) {
    const startedAt = performance.now();
    const guest = await library.PythonGuest.load();
    const loadedAt = performance.now();
    const sandbox = await library.Sandbox.create({ guest });
    if ((await sandbox.evaluate('6 * 7')) !== 42) throw new Error('a wrong answer');
    const answeredAt = performance.now();
    sandbox.dispose();
    return [
      { label: 'PythonGuest.load', value: loadedAt - startedAt, unit: 'ms' },
      { label: 'to the first result', value: answeredAt - startedAt, unit: 'ms' },
    ];
  },
};
