/** Carries out the order that the server has for this page, and posts the report. */
import { glovebox, micropython, pyodide } from './interpreters.mjs';
import { carryOut } from './order.mjs';

/** @param {string} path */
const library = (path) => import(new URL(path, document.baseURI).href);

/**
 * By the address's `interpreter`. Pyodide and MicroPython run in the page itself, as their documentation begins.
 * @type {Readonly<Record<string, () => Promise<import('./interpreters.mjs').Open>>>}
 */
const openers = {
  async glovebox() {
    /** @type {typeof import('../../src/index')} */
    const published = await library('/dist/page/index.js');
    return glovebox(published, () => published.PythonGuest.load('/guest/'));
  },
  async pyodide() {
    const folder = '/node_modules/pyodide/';
    return pyodide(await library(`${folder}pyodide.mjs`), folder);
  },
  async micropython() {
    const folder = '/node_modules/@micropython/micropython-webassembly-pyscript/';
    return micropython(await library(`${folder}micropython.mjs`));
  },
};

const parameters = new URL(location.href).searchParams;
const address = `/orders/${parameters.get('order')}`;
try {
  const order = await (await fetch(address)).json();
  const open = await openers[parameters.get('interpreter') ?? '']?.();
  if (open === undefined) throw new Error('no such interpreter');
  await report(await carryOut(open, order));
} catch (error) {
  await report({ failure: error instanceof Error ? (error.stack ?? error.message) : error });
}

/** @param {unknown} body */
function report(body) {
  return fetch(address, { method: 'POST', body: JSON.stringify(body) });
}
