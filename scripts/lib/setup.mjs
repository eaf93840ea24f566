/**
 * What has to be there before the page can be served or a test can run. Each step looks first
 * whether there is anything to do, so that a second time takes a moment.
 */
import { existsSync, readFileSync } from 'node:fs';
import { buildBaseImage } from './base-image.mjs';
import { buildNodeHost, copyGuest } from './bundles.mjs';
import { installPackages, isDebian, missingPackages, readPackageList } from './debian.mjs';
import { lastLines, run } from './processes.mjs';
import { inProject } from './project.mjs';
import { fingerprint, readStamp, writeStamp } from './stamps.mjs';
import { Failure, step } from './steps.mjs';

export function checkNode() {
  const { engines } = JSON.parse(readFileSync(inProject('package.json'), 'utf8'));
  const wanted = engines.node.replace('>=', '');
  const isOlder = process.versions.node.localeCompare(wanted, 'en', { numeric: true }) < 0;
  if (isOlder) throw new Failure(`Node ${wanted} or newer is needed; this is ${process.version}.`);
  return process.version;
}

export async function installNpmPackages() {
  const stampFile = inProject('node_modules', '.glovebox-lock');
  const wanted = fingerprint([inProject('package-lock.json')]);
  if (readStamp(stampFile) === wanted) return;
  // No install scripts: Playwright's would download browsers, and nothing else here needs one.
  // Where NODE_ENV says production npm would leave out what builds and tests.
  const { status, output } = await run(['npm', 'ci', '--ignore-scripts', '--include=dev'], {
    env: { PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1' },
  });
  if (status !== 0) throw new Failure('npm ci failed.', lastLines(output, 20));
  writeStamp(stampFile, wanted);
}

/** The folder of the finished guest for these very sources; empty if it is not in the cache. */
export async function guestFolder() {
  const { status, stdout } = await run([
    process.execPath,
    inProject('wasm/build.mjs'),
    '--print-dir',
  ]);
  const folder = stdout.trim();
  return status === 0 && existsSync(folder) ? folder : '';
}

/** Once it is in the cache no compiler is needed. */
async function guestIsCached() {
  return (await guestFolder()) !== '';
}

export async function installGuestTools() {
  const replacements = ['CPYTHON_SOURCE', 'LIBRARY_SOURCES', 'WASI_SDK_PATH'];
  // Together they replace what Debian's packages bring; the build itself says what they lack.
  if (replacements.every((name) => process.env[name])) return 'from the environment';
  if (!(await isDebian())) {
    if (await guestIsCached()) return;
    throw new Failure(
      'This is no Debian system: to build the guest, set CPYTHON_SOURCE (an unpacked CPython 3.13), ' +
        'LIBRARY_SOURCES (zlib, bzip2, … unpacked) and WASI_SDK_PATH, and run again.',
    );
  }
  const missing = await missingPackages(readPackageList(inProject('wasm/debian-packages.txt')));
  if (missing.length === 0 || (await guestIsCached())) return;
  await installPackages(missing, 'build the guest');
  return `installed ${missing.length}`;
}

export async function buildGuest() {
  const { status } = await run([process.execPath, inProject('wasm/build.mjs')], { show: true });
  if (status !== 0) throw new Failure('The guest could not be built.');
}

export async function installTestTools() {
  if (!(await isDebian())) return 'not Debian: the tests look for chromium on PATH';
  const missing = await missingPackages(readPackageList(inProject('scripts/debian-packages.txt')));
  if (missing.length === 0) return;
  await installPackages(missing, 'run the tests');
  return `installed ${missing.length}`;
}

/**
 * What is needed, in order: always the npm packages; for the `guest` also the Node host; for the
 * `browser` what the tests in it need.
 * @param {ReadonlySet<'guest' | 'browser'>} needs
 */
export async function setUp(needs) {
  await step('Node', checkNode);
  await step('npm packages', installNpmPackages);
  if (needs.has('guest')) {
    await step('tools for the guest', installGuestTools);
    await step('guest', async () => {
      await buildGuest();
      copyGuest();
    });
    await step('Node host (dist/node)', buildNodeHost);
    await step('memory image of the interpreter', buildBaseImage);
  }
  if (needs.has('browser')) await step('tools for the tests', installTestTools);
}
