/** What it costs that a sandbox's calls are kept in its account, or all that it is told in a recording. */
import { median } from '../figures.mjs';

const ROUNDS = 15;
const WARM_UPS = 3;

/** Nearly nothing but host calls. */
const CALLS = `
import os
def main():
    stat = os.stat
    for n in range(5000): stat('/home')
main()`;

/** What programs do: some files, some output, and work in between. */
const USUAL = `
import json, random
def main():
    data = [{'n': n, 'at': random.random(), 'name': f'name {n}'} for n in range(3000)]
    for n in range(5):
        with open(f'/home/{n}.json', 'w') as file: json.dump(data[n::5], file)
        with open(f'/home/{n}.json') as file: again = json.load(file)
        print(n, len(again), sum(one['at'] for one in again))
    words = ' '.join(one['name'] for one in data).split()
    print(len({word: words.count(word) for word in words[:100]}))
main()`;

/** @type {import('../figures.mjs').Row} */
export const row = {
  name: 'record',
  title: 'Time with an account, and with a recording, against time without',
  repeats: 1,
  async measure({ library }) {
    const guest = await library.PythonGuest.load();
    /** @param {number} calls */
    const create = (calls) => library.Sandbox.create({ guest, account: { calls } });
    const [bare, accounted, recorded] = [await create(0), await create(1000), await create(0)];
    /** @param {import('../../src/index').Sandbox} sandbox @param {string} source */
    const time = async (sandbox, source) => {
      const startedAt = performance.now();
      const { status } = await sandbox.run(source);
      if (status !== 'ok') throw new Error(`a program ended with ${status}`);
      return performance.now() - startedAt;
    };
    const figures = [];
    for (const [name, source] of [
      ['host calls', CALLS],
      ['a usual program', USUAL],
    ]) {
      /** @type {Record<'account' | 'recording', number[]>} */
      const ratios = { account: [], recording: [] };
      for (let round = 0; round < WARM_UPS + ROUNDS; round++) {
        const recording = await recorded.record();
        // Around each other, so that what the machine does meanwhile meets all of them.
        const before = await time(bare, source ?? '');
        const [account, trace] = [
          await time(accounted, source ?? ''),
          await time(recorded, source ?? ''),
        ];
        const [trace2, account2] = [
          await time(recorded, source ?? ''),
          await time(accounted, source ?? ''),
        ];
        const after = await time(bare, source ?? '');
        recording.stop();
        if (round < WARM_UPS) continue;
        ratios.account.push((account + account2) / (before + after));
        ratios.recording.push((trace + trace2) / (before + after));
      }
      for (const [what, values] of Object.entries(ratios)) {
        figures.push({ label: `${what}, ${name}`, value: median(values), unit: '×', target: 1.2 });
      }
    }
    for (const sandbox of [bare, accounted, recorded]) sandbox.dispose();
    return figures;
  },
};
