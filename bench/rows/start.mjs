/** From `Sandbox.create` to the first result, the guest's files loaded before. */
import { median } from '../figures.mjs';

const WARM_UPS = 2;
const STARTS = 9;

/** @type {import('../figures.mjs').Row} */
export const row = {
  name: 'start',
  title: 'Start of a sandbox, guest loaded',
  repeats: 1,
  async measure({ library }) {
    const guest = await library.PythonGuest.load();
    const created = [];
    const answered = [];
    for (let start = 0; start < WARM_UPS + STARTS; start++) {
      const startedAt = performance.now();
      const sandbox = await library.Sandbox.create({ guest });
      const createdAt = performance.now();
      if ((await sandbox.evaluate('6 * 7')) !== 42) throw new Error('a wrong answer');
      if (start >= WARM_UPS) {
        created.push(createdAt - startedAt);
        answered.push(performance.now() - startedAt);
      }
      sandbox.dispose();
    }
    return [
      { label: 'Sandbox.create', value: median(created), unit: 'ms' },
      { label: 'to the first result', value: median(answered), unit: 'ms' },
    ];
  },
};
