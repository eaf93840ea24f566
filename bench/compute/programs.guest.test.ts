import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { SandboxOptions } from '../../src/controller/sandbox-options';
import { guestIt, type OpenedSandbox, projectFolder } from '../../src/testing/guest-test';
import { MemoryVolume } from '../../src/volume/memory-volume';
import { FOLDER, type Measured, measurement, preparation } from './order.mjs';
import { filesOf, readPrograms } from './programs.mjs';

const programs = readPrograms('small');

async function prepare(
  files: Record<string, string>,
  open: (options: Partial<SandboxOptions>) => Promise<OpenedSandbox>,
): Promise<OpenedSandbox> {
  const opened = await open({
    mounts: { [FOLDER]: MemoryVolume.from(files, { readOnly: true }) },
  });
  await opened.printed(preparation(FOLDER));
  return opened;
}

describe('the programs of the suite', () => {
  test('are all of the folder, at least 25, each with a docstring that says what it stresses', () => {
    const names = readdirSync(`${projectFolder}/bench/programs`)
      .filter((file) => file.endsWith('.py'))
      .map((file) => file.slice(0, -3))
      .sort();
    expect(programs.map(({ name }) => name)).toEqual(names);
    expect(names.length).toBeGreaterThanOrEqual(25);
    for (const name of names) {
      expect(filesOf(name)[`${name}.py`], name).toMatch(/^"""[^"]+Stresses: /);
    }
  });

  guestIt(
    'give the expected result in this guest, twice in a row',
    async ({ open }) => {
      const files = Object.assign({}, ...programs.map(({ name }) => filesOf(name)));
      const { sandbox } = await prepare(files, open);
      const wrong = [];
      for (const { name, size, expected } of programs) {
        const order = { program: name, size, runs: 2, files };
        const report = JSON.parse(String(await sandbox.evaluate(measurement(order))));
        if (JSON.stringify(report.results) !== JSON.stringify([expected, expected])) {
          wrong.push({ name, report });
        }
      }
      expect(wrong).toEqual([]);
    },
    180_000,
  );

  guestIt('are timed run by run', async ({ open }) => {
    const { sandbox } = await prepare(filesOf('queens'), open);
    const order = { program: 'queens', size: 4, runs: 3, files: {} };
    const report: Measured = JSON.parse(String(await sandbox.evaluate(measurement(order))));
    expect(report.timesNs).toHaveLength(3);
    expect(report.timesNs.every((time) => Number.isInteger(time) && time > 0)).toBe(true);
    expect(report.python).toMatch(/^3\.13\./);
  });

  guestIt('tell what they fail with', async ({ open }) => {
    const broken = { ...filesOf('queens'), 'broken.py': 'import no_such_module\n' };
    const { sandbox } = await prepare(broken, open);
    const order = { program: 'broken', size: 1, runs: 1, files: {} };
    const report = JSON.parse(String(await sandbox.evaluate(measurement(order))));
    expect(report).toEqual({ error: "ModuleNotFoundError: No module named 'no_such_module'" });
  });
});
