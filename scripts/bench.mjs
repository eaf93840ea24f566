/**
 * `npm run bench [-- --list | --only ROW[,ROW] | --host chromium|chromium-plain|firefox|node | --json]`: measures the
 * rows of `bench/` in Chromium, Firefox and Node. Fails only for a figure far beyond its target, as the machine
 * may have other things to do.
 */
import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { run } from './lib/processes.mjs';
import { inProject } from './lib/project.mjs';
import { command, Failure } from './lib/steps.mjs';

const GROSS = 5;

const options = /** @type {const} */ ({
  list: { type: 'boolean', default: false },
  only: { type: 'string', default: '' },
  host: { type: 'string', default: 'chromium,chromium-plain,firefox,node' },
  json: { type: 'boolean', default: false },
});

/**
 * @typedef {import('../bench/figures.mjs').Row} Row
 * @typedef {import('../bench/figures.mjs').Figure} Figure
 * @typedef {import('../bench/hosts.mjs').OpenHost} OpenHost
 * @typedef {Figure & { row: string, host: string }} Result
 */

/**
 * @template {{ name: string }} Named
 * @param {readonly Named[]} all
 * @param {string} wanted names with commas between them; none: all
 * @returns {Named[]}
 */
function choose(all, wanted) {
  const names = wanted === '' ? all.map(({ name }) => name) : wanted.split(',');
  return names.map((name) => {
    const found = all.find((candidate) => candidate.name === name);
    if (found !== undefined) return found;
    throw new Failure(`There is no "${name}", only ${all.map((each) => each.name).join(', ')}.`);
  });
}

/** @returns {Promise<Figure[]>} */
async function sizeFigures() {
  const { measureSizes } = await import('./lib/size.mjs');
  const { files, totalBrotliBytes, budgetBytes } = await measureSizes();
  return [
    ...files.map(({ name, brotliBytes }) => ({ label: name, value: brotliBytes, unit: 'bytes' })),
    { label: 'in all', value: totalBrotliBytes, unit: 'bytes', target: budgetBytes },
  ];
}

/** Rows that need no open host: they bring their own. */
const ownRows = [
  {
    name: 'size',
    title: 'What the first prompt loads (Brotli)',
    host: 'transfer',
    figures: sizeFigures,
  },
  {
    name: 'cold-page',
    title: 'A page that nobody has seen before, from navigation to the first result',
    host: 'chromium',
    figures: async () => (await import('../bench/cold-page.mjs')).measureColdPages(),
  },
  {
    name: 'warm-prompt',
    title: 'A page with a prompt, seen before, from navigation to the prompt',
    host: 'chromium',
    figures: async () => (await import('../bench/warm-prompt.mjs')).measureWarmPrompt(),
  },
  {
    name: 'print-native',
    title: 'A million short lines printed, against CPython on this machine',
    host: 'chromium',
    figures: async () => (await import('../bench/print-native.mjs')).measurePrint(),
  },
  {
    name: 'crowd',
    title: 'Many sandboxes in one tab',
    host: 'chromium',
    figures: async () => (await import('../bench/crowd.mjs')).measureCrowd(),
  },
];

/**
 * @param {typeof ownRows[number]} row
 * @returns {Promise<Result[]>}
 */
async function measureOwn({ name, host, figures }) {
  return (await figures()).map((figure) => ({ ...figure, row: name, host }));
}

/**
 * @param {OpenHost} host
 * @param {Row} row
 * @returns {Promise<Result[]>}
 */
async function measure(host, row) {
  const { medians } = await import('../bench/figures.mjs');
  const measurements = await sequence(Array(row.repeats).fill(row), (each) => host.measure(each));
  return medians(measurements).map((figure) => ({ ...figure, row: row.name, host: host.name }));
}

/**
 * @param {Row} row
 * @param {readonly OpenHost[]} hosts
 */
function hostsFor(row, hosts) {
  return hosts.filter(({ name }) => isFor(row, name));
}

/**
 * @param {Row} row
 * @param {string} host
 */
function isFor({ hosts = ['chromium', 'node'] }, host) {
  return hosts.some((name) => name === host);
}

/** @param {Result} result */
function line({ label, value, unit, target, host, range }) {
  /** @param {number} number */
  const text = (number) =>
    number.toFixed(unit === 'bytes' || unit === '/s' ? 0 : number < 100 ? 2 : 0);
  const limit = target === undefined ? '' : `  (target ${target})`;
  const noise = range === undefined ? '' : `  [${range.map(text).join(' … ')}]`;
  return `  ${host.padEnd(14)} ${text(value).padStart(11)} ${unit.padEnd(5)} ${label}${limit}${noise}`;
}

/** In a process of its own, so that nothing but the results is on standard output. */
async function prepare() {
  const { status, output } = await run([process.execPath, inProject('scripts', 'setup.mjs')]);
  if (status !== 0) throw new Failure('The set-up failed.', output);
  const { buildPageLibrary } = await import('./lib/bundles.mjs');
  await buildPageLibrary();
}

/** @param {Iterable<import('../bench/figures.mjs').Variant>} variants */
async function buildVariants(variants) {
  const { variantFolder } = await import('../bench/figures.mjs');
  for (const variant of variants) {
    const { status, output } = await run([
      process.execPath,
      inProject('wasm', 'build.mjs'),
      `--${variant}`,
      inProject(variantFolder(variant)),
    ]);
    if (status !== 0) throw new Failure(`The guest ${variant} could not be built.`, output);
  }
}

/** @param {Result} result */
function isGross({ value, target, unit }) {
  if (target === undefined) return false;
  return value > target * (unit === 'bytes' ? 1 : GROSS);
}

await command(async (args) => {
  const { values } = parseArgs({ args, options });
  const { rows } = await import('../bench/rows/index.mjs');
  const chosen = choose([...rows, ...ownRows], values.only);
  if (values.list) {
    for (const { name, title } of chosen) console.log(`${name.padEnd(12)} ${title}`);
    return 0;
  }
  /** @param {string} text */
  const show = (text) => (values.json ? undefined : console.log(text));
  await prepare();
  await buildVariants(
    new Set(rows.filter((row) => chosen.includes(row)).flatMap(({ variants = [] }) => variants)),
  );
  const { openChromium, openFirefox, openNode } = await import('../bench/hosts.mjs');
  const openers = [
    { name: 'chromium', open: () => openChromium('chromium') },
    { name: 'chromium-plain', open: () => openChromium('chromium-plain') },
    { name: 'firefox', open: openFirefox },
    { name: 'node', open: openNode },
  ];
  const needed = choose(openers, values.host).filter(({ name }) =>
    rows.some((row) => chosen.includes(row) && isFor(row, name)),
  );
  const hosts = await sequence(needed, ({ open }) => open());
  const machine = {
    load: loadavg()[0] ?? 0,
    cores: availableParallelism(),
    hosts: hosts.map(({ version }) => version),
  };
  show(`${machine.hosts.join(', ')}; ${machine.cores} cores, load ${machine.load.toFixed(2)}`);
  /** @type {Result[]} */
  const results = [];
  try {
    for (const { name, title } of chosen) {
      show(`\n${title} (${name})`);
      const row = rows.find((candidate) => candidate.name === name);
      const own = ownRows.find((candidate) => candidate.name === name);
      const measured = row
        ? (await sequence(hostsFor(row, hosts), (host) => measure(host, row))).flat()
        : own
          ? await measureOwn(own)
          : [];
      for (const result of measured) show(line(result));
      results.push(...measured);
    }
  } finally {
    await sequence(hosts, (host) => host.close());
  }
  if (values.json) console.log(JSON.stringify({ machine, results }, null, 2));
  const gross = results.filter(isGross);
  if (gross.length === 0) return 0;
  const names = gross.map(({ row, label, host }) => `${row}, ${label} (${host})`);
  throw new Failure(`Far beyond the target: ${names.join('; ')}.`);
});

/**
 * One after the other: side by side they would slow each other down.
 * @template Item, Value
 * @param {readonly Item[]} items
 * @param {(item: Item) => Promise<Value>} action
 */
async function sequence(items, action) {
  /** @type {Value[]} */
  const values = [];
  for (const item of items) values.push(await action(item));
  return values;
}
