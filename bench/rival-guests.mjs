/** Two guests of one kind and two of another, to compare the kinds closely by the same programs. */

/**
 * Where an engine puts a module's code makes some per cent, and the order in which they come decides that: each kind is
 * the first and the last once. Measure in the same order, as the times of the machine are such as well.
 * @param {import('./figures.mjs').Library} library
 * @param {import('./figures.mjs').Variant} variant
 */
export async function openRivals(library, variant) {
  const limits = { cpuMs: Number.POSITIVE_INFINITY, wallMs: Number.POSITIVE_INFINITY };
  /** @param {import('./figures.mjs').Variant} [kind] */
  const create = async (kind) =>
    library.Sandbox.create({
      // The image is the usual guest's: neither has it.
      guest: await library.PythonGuest.load(kind, { image: false }),
      limits,
    });
  const [usual, other] = [await create(), await create(variant)];
  const [otherAgain, usualAgain] = [await create(variant), await create()];
  return {
    usual: [usual, usualAgain],
    other: [other, otherAgain],
    dispose() {
      for (const sandbox of [usual, other, otherAgain, usualAgain]) sandbox.dispose();
    },
  };
}

/**
 * In milliseconds. A program that does not end well is an error.
 * @param {import('../src/index').Sandbox | undefined} sandbox
 * @param {string} source
 */
export async function timeOf(sandbox, source) {
  const startedAt = performance.now();
  const outcome = await sandbox?.run(source);
  if (outcome?.status !== 'ok') throw new Error(`a program ended with ${outcome?.status}`);
  return performance.now() - startedAt;
}
