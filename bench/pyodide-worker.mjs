/** Pyodide in a worker, whose programs call functions of the page: through Comlink, as its users do. */
// @ts-expect-error the page's server has it there
import * as Comlink from '/node_modules/comlink/dist/esm/comlink.mjs';

const folder = '/node_modules/pyodide/';

Comlink.expose({
  /**
   * Runs `setUp`, whose `page` is the page's functions.
   * @param {string} setUp
   * @param {unknown} page
   */
  async start(setUp, page) {
    const { loadPyodide } = await import(/* @vite-ignore */ `${folder}pyodide.mjs`);
    const python = await loadPyodide({ indexURL: folder });
    python.globals.set('page', page);
    await python.runPythonAsync(setUp);
    Object.assign(globalThis, { python });
  },
  /** @param {string} source */
  run(source) {
    return /** @type {any} */ (globalThis).python.runPythonAsync(source);
  },
});
