/** A page that nobody has seen before: from the navigation to the first result, beside the same with Pyodide. */
import { chromium } from 'playwright';
import { chromiumLaunchOptions } from '../scripts/lib/chromium.mjs';
import { inProject } from '../scripts/lib/project.mjs';
import { bundleApp } from './app-bundle.mjs';
import { median, spread } from './figures.mjs';
import { openServer } from './static-server.mjs';
import { TELL, visit } from './told-time.mjs';

const WARM_UPS = 1;
const ROUNDS = 11;
const SLOW_ROUNDS = 3;
/** 10 Mbit/s. */
const SLOW_BYTES_PER_SECOND = 10e6 / 8;

/** @param {readonly string[]} files */
const preloads = (files) =>
  files.map((file) => `<link rel="preload" href="${file}" as="fetch" crossorigin>`).join('');

const finish = `
if (answer !== 42) throw new Error('a wrong answer');
${TELL}`;

const [LIBRARY, PRELOAD] = ['index.js', 'preload.js'].map((name) =>
  JSON.stringify(inProject('dist', 'page', name)),
);

/** Bundled, as most pages are. Whoever cares for the first visit asks for what comes, in one of the ways of `docs/loading.md`. */
const SOURCE = `
import { preloadGuest } from ${PRELOAD};
const image = !location.pathname.includes('no-image');
if (image) preloadGuest('/guest/', { counts: false });
const { PythonGuest, Sandbox } = await import(${LIBRARY});
const guest = await PythonGuest.load('/guest/', { image });
const sandbox = await Sandbox.create({ guest });
const answer = await sandbox.evaluate('6 * 7');${finish}`;

/** @param {readonly string[]} files what the app does not ask for before the library is there */
const appPage = (files) => `<!doctype html><title>Cold</title>
<script type="module" async src="/app/app.js"></script>${preloads(files)}`;

const FILES = ['python.wasm', 'build.json', 'library.directories', 'library-core.zip'];

const pages = {
  '/image.html': appPage([]),
  '/no-image.html': appPage(FILES.map((name) => `/guest/${name}`)),
  '/pyodide.html': `<!doctype html><title>Cold</title><script type="module">
import { loadPyodide } from '/pyodide/pyodide.mjs';
const python = await loadPyodide({ indexURL: '/pyodide/' });
const answer = python.runPython('6 * 7');${finish}</script>
<link rel="modulepreload" href="/pyodide/pyodide.asm.mjs">
${preloads(['/pyodide/pyodide.asm.wasm', '/pyodide/python_stdlib.zip'])}`,
};

/** @typedef {keyof typeof pages} Address */
const addresses = /** @type {Address[]} */ (Object.keys(pages));

/** @returns {Promise<import('./figures.mjs').Figure[]>} */
export async function measureColdPages() {
  const app = await bundleApp(SOURCE);
  const folders = {
    app: app.folder,
    guest: inProject('public', 'guest'),
    pyodide: inProject('node_modules', 'pyodide'),
  };
  const server = await openServer(folders, pages);
  const browser = await chromium.launch(chromiumLaunchOptions());
  /** @param {Address} address */
  const visitAnew = async (address) => {
    // A cache of its own.
    const context = await browser.newContext();
    try {
      return await visit(await context.newPage(), server.address + address);
    } finally {
      await context.close();
    }
  };
  /** @param {number} warmUps @param {number} rounds */
  const visitAll = async (warmUps, rounds) => {
    /** @type {Record<Address, number[]>} */
    const times = { '/image.html': [], '/no-image.html': [], '/pyodide.html': [] };
    /** @type {Record<Address, number>} */
    const bytes = { '/image.html': 0, '/no-image.html': 0, '/pyodide.html': 0 };
    for (let round = 0; round < warmUps + rounds; round++) {
      // In turn, so that what the machine does meanwhile meets all of them.
      for (const address of addresses) {
        server.takeSentBytes();
        const time = await visitAnew(address);
        bytes[address] = server.takeSentBytes();
        if (round >= warmUps) times[address].push(time);
      }
    }
    return { times, bytes };
  };
  try {
    const { times, bytes } = await visitAll(WARM_UPS, ROUNDS);
    server.line.bytesPerSecond = SLOW_BYTES_PER_SECOND;
    const slow = await visitAll(0, SLOW_ROUNDS);
    return [
      ...figuresOf('localhost', times, 1 / 8),
      ...figuresOf('10 Mbit/s', slow.times),
      { label: 'sent, with the image', value: bytes['/image.html'], unit: 'bytes', target: 4.5e6 },
      { label: 'sent, without', value: bytes['/no-image.html'], unit: 'bytes', target: 3.5e6 },
      { label: 'sent, Pyodide', value: bytes['/pyodide.html'], unit: 'bytes' },
    ];
  } finally {
    await browser.close();
    server.close();
    app.remove();
  }
}

/**
 * @param {string} where
 * @param {Record<Address, number[]>} times
 * @param {number} [target]
 * @returns {import('./figures.mjs').Figure[]}
 */
function figuresOf(where, times, target) {
  const [image, bare, pyodide] = addresses.map((address) => times[address]);
  /** @param {string} label @param {number[]} [values] */
  const time = (label, values = []) => ({
    label: `${where}: ${label}`,
    unit: 'ms',
    ...spread(values),
  });
  const ratios = (image ?? []).map((value, index) => value / (pyodide?.[index] ?? Number.NaN));
  return [
    time('to the first result', image),
    time('without the image', bare),
    time('Pyodide', pyodide),
    {
      label: `${where}: with the image, against Pyodide`,
      unit: '×',
      // The range is that of the single rounds; the value is what the two medians above say.
      ...spread(ratios),
      value: median(image ?? []) / median(pyodide ?? []),
      ...(target === undefined ? {} : { target }),
    },
  ];
}
