/** What is compared: this guest, other Pythons for pages, and CPython on the machine itself. */
import { readFile } from 'node:fs/promises';
import { engines as browsers } from '../../e2e/conformance/drivers/index.mjs';
import { inProject } from '../../scripts/lib/project.mjs';
import { openNative, openNode } from './processes.mjs';
import { serveSite } from './site.mjs';

/**
 * @typedef {import('./order.mjs').Order} Order
 * @typedef {import('./order.mjs').Report} Report
 * @typedef {'native' | 'chromium' | 'firefox' | 'node' | 'pyodide' | 'micropython'} EngineName
 * @typedef {{
 *   version: string,
 *   measure: (order: Order) => Promise<Report>,
 * }} OpenEngine each order is measured in an interpreter that was never used before
 */

/**
 * `peer`: not ours, so that what it can't run is no failure.
 * @type {Readonly<Record<EngineName, { title: string, peer: boolean }>>}
 */
export const engines = {
  native: { title: 'CPython 3.13 -O3, native', peer: false },
  chromium: { title: 'Glovebox in Chromium', peer: false },
  firefox: { title: 'Glovebox in Firefox', peer: false },
  node: { title: 'Glovebox in Node', peer: false },
  pyodide: { title: 'Pyodide in Chromium', peer: true },
  micropython: { title: 'MicroPython in Chromium', peer: true },
};

export const engineNames = /** @type {EngineName[]} */ (Object.keys(engines));

/** Browsers and the site are opened once, for all engines that need them. */
export class Engines {
  /** @type {Map<string, Promise<import('../../e2e/conformance/drivers/index.mjs').Browser>>} */
  #browsers = new Map();
  /** @type {ReturnType<typeof serveSite> | undefined} */
  #site;

  /**
   * Rejects if it is not there, with a message that says why.
   * @param {EngineName} name
   * @returns {Promise<OpenEngine>}
   */
  async open(name) {
    return this.#openers[name]();
  }

  /** @type {Readonly<Record<EngineName, () => Promise<OpenEngine> | OpenEngine>>} */
  #openers = {
    native: openNative,
    node: openNode,
    chromium: () => this.#openPage('chromium', 'glovebox'),
    firefox: () => this.#openPage('firefox', 'glovebox'),
    pyodide: () => this.#openPackage('pyodide', 'pyodide'),
    micropython: () =>
      this.#openPackage('micropython', '@micropython/micropython-webassembly-pyscript'),
  };

  /**
   * @param {string} interpreter
   * @param {string} packageName
   */
  async #openPackage(interpreter, packageName) {
    const { version } = await readPackage(packageName);
    const engine = await this.#openPage('chromium', interpreter);
    return { ...engine, version: `${packageName} ${version}, ${engine.version}` };
  }

  /**
   * @param {'chromium' | 'firefox'} browserName
   * @param {string} interpreter
   * @returns {Promise<OpenEngine>}
   */
  async #openPage(browserName, interpreter) {
    this.#site ??= serveSite();
    const site = await this.#site;
    const opening = this.#browsers.get(browserName) ?? browsers[browserName]?.();
    if (opening === undefined) throw new Error(`there is no driver for ${browserName}`);
    this.#browsers.set(browserName, opening);
    const browser = await opening;
    return {
      version: browser.version,
      measure: (order) => site.give(interpreter, order, browser.open),
    };
  }

  async close() {
    // One that did not open has nothing to close.
    for (const opening of this.#browsers.values()) {
      await opening.then((browser) => browser.close()).catch(() => undefined);
    }
    await (await this.#site)?.close();
  }
}

/**
 * @param {string} name
 * @returns {Promise<{ version: string }>}
 */
async function readPackage(name) {
  const path = inProject('node_modules', name, 'package.json');
  const content = await readFile(path, 'utf8').catch(() => undefined);
  if (content === undefined) throw new Error(`the npm package ${name} is not installed`);
  return JSON.parse(content);
}
