/** What a row gives, and the statistics for it. */

/**
 * One number. `target`: what it should not exceed. `range`: the lowest and the highest of several measurements.
 * @typedef {{ label: string, value: number, unit: string, target?: number | undefined,
 *   range?: readonly [number, number] }} Figure
 */

/**
 * Where a row runs: a page in Chromium or Firefox, or a process of Node, with the library and a guest to load.
 * @typedef {Pick<typeof import('../src/index'), 'MemoryVolume' | 'Sandbox' | 'SandboxImage' | 'createPool' | 'startWasiProgram'> & {
 *   PythonGuest: {
 *     load(variant?: Variant, options?: import('../src/index').LoadOptions):
 *       Promise<import('../src/index').PythonGuest> },
 * }} Library
 * @typedef {'unpolled' | 'unguarded'} Variant a guest that is only there to be compared with
 * @typedef {{ name: HostName, library: Library, programs: Programs }} Host
 * @typedef {'chromium' | 'chromium-plain' | 'firefox' | 'node'} HostName `plain`: without cross-origin isolation
 * @typedef {Readonly<Record<string, Uint8Array>>} Programs
 */

/**
 * @typedef {{
 *   name: string,
 *   title: string,
 *   repeats: number,
 *   hosts?: readonly HostName[],
 *   disk?: boolean,
 *   oneCore?: boolean,
 *   programs?: Readonly<Record<string, string>>,
 *   variants?: readonly Variant[],
 *   measure: (host: Host) => Promise<Figure[]>,
 * }} Row
 *   `repeats`: how often it is measured, in a fresh page or process each time; the medians count.
 *   `hosts`: where it is measured; in Chromium and in Node unless it says so.
 *   `oneCore`: for two guests that are compared closely: the cores of a virtual machine differ by more.
 *   `disk`: in a page whose browser stores on disk, not in memory.
 *   `variants`: the guests that it compares with the usual one.
 *   `programs`: in the WebAssembly text format; `measure` gets their binaries.
 */

/**
 * Where the variants of the guest lie, in the project.
 * @param {Variant} variant
 */
export function variantFolder(variant) {
  return `test-results/guest-${variant}/`;
}

/**
 * @param {readonly number[]} values
 * @param {number} share
 */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** @param {readonly number[]} values */
export function median(values) {
  return quantile(values, 0.5);
}

/**
 * The median of several measurements, and how far they lie apart.
 * @param {readonly number[]} values
 * @returns {Pick<Figure, 'value'> & Required<Pick<Figure, 'range'>>}
 */
export function spread(values) {
  return { value: median(values), range: [Math.min(...values), Math.max(...values)] };
}

/** @param {readonly Figure[]} figures */
export function geometricMean(figures) {
  return Math.exp(figures.reduce((sum, { value }) => sum + Math.log(value), 0) / figures.length);
}

/**
 * The median of each figure over several measurements, and how far they lie apart.
 * @param {readonly Figure[][]} measurements
 * @returns {Figure[]}
 */
export function medians(measurements) {
  const [first = []] = measurements;
  return first.map((figure) => {
    const values = measurements.flatMap((figures) =>
      figures.filter(({ label }) => label === figure.label).map(({ value }) => value),
    );
    if (values.length === 1) return figure;
    return { ...figure, ...spread(values) };
  });
}
