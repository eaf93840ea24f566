/** The programs of the suite, and what each of them has to give. */
import { readFileSync } from 'node:fs';
import { inProject } from '../../scripts/lib/project.mjs';

/**
 * @typedef {'full' | 'small'} Scale `small`: to see that it gives the right result, not how fast
 * @typedef {{ name: string, size: number, expected: string }} Program
 */

/** @type {Record<string, Record<Scale, { size: number, result: string }>>} */
const expected = JSON.parse(readFileSync(inProject('bench', 'programs', 'expected.json'), 'utf8'));

/**
 * @param {Scale} scale
 * @returns {Program[]}
 */
export function readPrograms(scale) {
  return Object.entries(expected).map(([name, scales]) => ({
    name,
    size: scales[scale].size,
    expected: scales[scale].result,
  }));
}

/**
 * The files that an interpreter needs to measure a program: the harness and the program itself.
 * @param {string} name
 * @returns {Record<string, string>}
 */
export function filesOf(name) {
  return {
    'harness.py': readFileSync(inProject('bench', 'compute', 'harness.py'), 'utf8'),
    [`${name}.py`]: readFileSync(inProject('bench', 'programs', `${name}.py`), 'utf8'),
  };
}
