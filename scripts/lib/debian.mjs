/** Debian packages: which are missing, and installing them as root or through sudo. */
import { readFileSync } from 'node:fs';
import { lastLines, run } from './processes.mjs';
import { Failure } from './steps.mjs';

/**
 * Package names, one a line; `#` starts a comment.
 * @param {string} file
 */
export function readPackageList(file) {
  return readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '');
}

export async function isDebian() {
  return (await run(['dpkg-query', '--version'])).status === 0;
}

/** @param {string[]} packages */
export async function missingPackages(packages) {
  // A name that dpkg never heard of is left out, and makes the status 1.
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query's own placeholders
  const format = '${Package} ${db:Status-Status}\n';
  const { stdout } = await run(['dpkg-query', '-W', `-f=${format}`, ...packages]);
  const installed = new Set(
    stdout
      .split('\n')
      .filter((line) => line.endsWith(' installed'))
      .map((line) => line.split(' ')[0]),
  );
  return packages.filter((name) => !installed.has(name));
}

/** What has to stand before a command that changes the machine; undefined where nothing helps. */
async function rootPrefix() {
  if (process.getuid?.() === 0) return [];
  return (await run(['sudo', '-n', 'true'])).status === 0 ? ['sudo', '-n'] : undefined;
}

/**
 * @param {string[]} packages
 * @param {string} purpose ends the sentence "… needed to …"
 */
export async function installPackages(packages, purpose) {
  const prefix = await rootPrefix();
  const byHand = `apt-get install --no-install-recommends ${packages.join(' ')}`;
  if (prefix === undefined) {
    throw new Failure(`These Debian packages are needed to ${purpose}. As root: ${byHand}`);
  }
  const apt = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-q', '-y'];
  // Another apt may be at work (unattended upgrades, say): wait for it instead of failing.
  const patience = ['-o', 'DPkg::Lock::Timeout=600', '-o', 'Acquire::Retries=3'];
  const install = () =>
    run([...apt, ...patience, 'install', '--no-install-recommends', ...packages]);

  // A machine that never updated its lists knows no package, one with old lists asks for files
  // that are gone: only then are the lists worth fetching.
  if ((await install()).status === 0) return;
  await run([...apt, ...patience, 'update']);
  const second = await install();
  if (second.status !== 0) {
    throw new Failure(
      `Could not install what is needed to ${purpose}: ${byHand}`,
      lastLines(second.output, 15),
    );
  }
}
