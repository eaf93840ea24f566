/**
 * `npm run conformance`: the same suite in every engine, on every kind of page.
 * `-- --engine firefox --page isolated --group depth` (each repeatable) runs a part of it, `--short` what
 * `npm test` runs of it, `--figures` measures instead, `--report FILE` keeps the results as JSON.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { setUp } from './lib/setup.mjs';
import { command, Failure } from './lib/steps.mjs';

/**
 * @typedef {import('../e2e/conformance/report').Report} Report
 * @typedef {{ path: string, groups?: readonly string[] }} PageKind
 * @typedef {{ engine: string, page: string, report: Report }} Visit
 */

const groups = [
  'run',
  'images',
  'capabilities',
  'input',
  'files',
  'interrupt',
  'limits',
  'depth',
  'death',
  'flood',
  'hostile',
  'elements',
];

/** Enough to see that a page of this kind holds a guest: the rest depends on the channel alone. */
const some = ['run', 'capabilities', 'interrupt', 'elements'];

/** @type {Readonly<Record<string, PageKind>>} */
const pages = {
  isolated: { path: 'isolated/conformance.html' },
  plain: { path: 'plain/conformance.html' },
  'service-worker': { path: 'service-worker/conformance.html?isolate' },
  'strict-isolated': { path: 'strict-isolated/conformance.html', groups: some },
  'strict-plain': { path: 'strict-plain/conformance.html', groups: some },
  'frame-isolated': { path: 'isolated/frames.html', groups: some },
  'frame-plain': { path: 'plain/frames.html', groups: some },
  'sandboxed-frame-isolated': { path: 'shared-isolated/frames.html?sandboxed', groups: some },
  'sandboxed-frame-plain': { path: 'shared-plain/frames.html?sandboxed', groups: some },
};

/**
 * With `--short`: on each kind of page that it holds a guest, and the rest once for each engine.
 * @type {Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>}
 */
const short = {
  chromium: {
    ...Object.fromEntries(Object.keys(pages).map((page) => [page, ['run']])),
    isolated: groups,
    plain: groups,
    'strict-isolated': ['run', 'elements'],
    'sandboxed-frame-plain': ['run', 'elements'],
  },
  firefox: {
    isolated: groups.filter((group) => group !== 'flood'),
    plain: ['run', 'input', 'interrupt', 'limits'],
  },
  webkit: {
    isolated: groups.filter((group) => group !== 'flood'),
    'service-worker': ['run', 'interrupt'],
  },
  'webkit-stock': { plain: ['run'] },
};

const engineNames = ['chromium', 'firefox', 'webkit', 'webkit-stock'];

/** How long a page may go without a test that ends. */
const SILENCE_MS = 120_000;

/** @satisfies {import('node:util').ParseArgsConfig['options']} */
const options = /** @type {const} */ ({
  engine: { type: 'string', multiple: true },
  page: { type: 'string', multiple: true },
  group: { type: 'string', multiple: true },
  short: { type: 'boolean', default: false },
  figures: { type: 'boolean', default: false },
  report: { type: 'string' },
});

/**
 * What was asked for: all, if nothing was.
 * @param {string} option
 * @param {readonly string[] | undefined} given
 * @param {readonly string[]} known
 */
function choose(option, given, known) {
  if (given === undefined) return known;
  const unknown = given.filter((name) => !known.includes(name));
  if (unknown.length === 0) return given;
  throw new Failure(`--${option}: no "${unknown.join(', ')}"; there are ${known.join(', ')}.`);
}

/**
 * The groups to run there. Where nothing else isolates a page, the service worker has to prove all.
 * @param {string} engine
 * @param {string} page
 * @param {readonly string[]} [asked]
 */
function groupsFor(engine, page, asked) {
  const all = page === 'service-worker' && engine !== 'webkit' ? some : groups;
  return asked ?? pages[page]?.groups ?? all;
}

/**
 * @param {string} site
 * @param {string} page
 * @param {readonly string[]} wanted
 * @param {boolean} figures
 */
function addressOf(site, page, wanted, figures) {
  const address = new URL(pages[page]?.path ?? '', site);
  for (const group of wanted) address.searchParams.append('group', group);
  if (figures) address.searchParams.set('figures', '');
  return address.href;
}

/**
 * Waits for the page's report; one that says nothing for too long is ended with a failure of its own.
 * @param {import('../e2e/conformance/drivers/index.mjs').Browser} browser
 * @param {(report: Report) => void} onProgress
 * @returns {Promise<Report>}
 */
async function readReport(browser, onProgress) {
  /** @type {Report} */
  let report = {
    engine: '',
    crossOriginIsolated: false,
    channel: undefined,
    results: [],
    figures: [],
    current: 'loading',
    done: false,
  };
  let heardAt = performance.now();
  while (!report.done) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    // A page that is being reloaded can't be asked: its next state can.
    const latest = await browser.read('globalThis.conformance').catch(() => undefined);
    if (latest !== undefined && JSON.stringify(latest) !== JSON.stringify(report)) {
      report = /** @type {Report} */ (latest);
      heardAt = performance.now();
      onProgress(report);
    }
    if (performance.now() - heardAt > SILENCE_MS) {
      const [group = 'start', title = ''] = report.current.split(': ');
      const hung = { group, title, durationMs: SILENCE_MS, failure: 'the page fell silent' };
      return { ...report, results: [...report.results, hung], done: true };
    }
  }
  return report;
}

/** @param {Visit} visit */
function showVisit({ engine, page, report }) {
  const failed = report.results.filter(({ failure }) => failure !== undefined);
  const held = report.results.length - failed.length;
  console.log(`${engine}, ${page}: ${report.channel ?? 'no'} channel, ${held} hold`);
  for (const { group, title, failure } of failed) console.log(`  ✗ ${group}: ${title}: ${failure}`);
  for (const [name, value] of largestMeasures(report)) {
    if (name !== 'fuel') console.log(`  longest ${name.padEnd(8)} ${value.toFixed(0)}`);
  }
  for (const { name, value, unit } of report.figures) {
    console.log(`  ${name.padEnd(16)} ${value.toFixed(value < 100 ? 1 : 0)} ${unit}`);
  }
}

/**
 * One cell: how many hold, or how many of them do not.
 * @param {Report} report
 * @param {string} group
 */
function cell({ results }, group) {
  const tests = results.filter((result) => result.group === group);
  if (tests.length === 0) return '·';
  const failed = tests.filter(({ failure }) => failure !== undefined).length;
  return failed === 0 ? `${tests.length} ✓` : `${failed}/${tests.length} ✗`;
}

/**
 * What the tests measured, over all of them: the largest of each.
 * @param {Report} report
 * @returns {Map<string, number>}
 */
function largestMeasures({ results }) {
  const largest = new Map();
  for (const { measures = {} } of results) {
    for (const [name, value] of Object.entries(measures)) {
      largest.set(name, Math.max(value, largest.get(name) ?? 0));
    }
  }
  return largest;
}

/**
 * The fuel of one program is the same wherever it runs.
 * @param {readonly Visit[]} visits
 */
function fuelDiffers(visits) {
  const fuels = visits.flatMap(({ report }) => largestMeasures(report).get('fuel') ?? []);
  const [fuel] = fuels;
  if (fuel === undefined) return false;
  const differs = fuels.some((other) => other !== fuel);
  console.log(
    differs ? `✗ fuel differs: ${fuels.join(', ')}` : `fuel: ${fuel} steps, ${fuels.length} times`,
  );
  return differs;
}

/** @param {readonly Visit[]} visits */
function table(visits) {
  const head = ['engine', 'page', 'channel', ...groups];
  const rows = visits.map(({ engine, page, report }) => [
    engine,
    page,
    report.channel ?? 'none',
    ...groups.map((group) => cell(report, group)),
  ]);
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  return [head, ...rows]
    .map((row) => row.map((text, column) => text.padEnd(widths[column] ?? 0)).join('  '))
    .join('\n');
}

await command(async (args) => {
  const { values } = parseArgs({ args, options });
  const chosenEngines = choose('engine', values.engine, engineNames);
  const chosenPages = choose('page', values.page, Object.keys(pages));
  const asked = values.group && choose('group', values.group, groups);
  await setUp(new Set(['guest', 'browser']));
  const { engines } = await import('../e2e/conformance/drivers/index.mjs');
  const { serveSite } = await import('../e2e/conformance/site.mjs');
  const site = await serveSite();
  /** @type {Visit[]} */
  const visits = [];
  try {
    for (const engine of chosenEngines) {
      const open = engines[engine];
      if (open === undefined) continue;
      const browser = await open();
      console.log(`\n${browser.version}`);
      try {
        for (const page of chosenPages) {
          const wanted = values.short ? short[engine]?.[page] : groupsFor(engine, page, asked);
          if (wanted === undefined) continue;
          await browser.open(addressOf(site.address, page, wanted, values.figures));
          const report = await readReport(browser, ({ current }) => {
            if (process.stdout.isTTY) process.stdout.write(`\x1b[2K… ${current}\r`);
          });
          visits.push({ engine, page, report });
          showVisit({ engine, page, report });
        }
      } finally {
        await browser.close();
      }
    }
  } finally {
    await site.close();
  }
  if (!values.figures) console.log(`\n${table(visits)}`);
  if (values.report !== undefined) {
    mkdirSync(dirname(values.report), { recursive: true });
    writeFileSync(values.report, JSON.stringify(visits, null, 2));
  }
  const results = visits.flatMap(({ report }) => report.results);
  const failed =
    results.filter(({ failure }) => failure !== undefined).length + Number(fuelDiffers(visits));
  console.log(`\n${results.length - failed} hold, ${failed} do not.`);
  return failed > 0 ? 1 : 0;
});
