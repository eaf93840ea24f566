/** Measures a row in this page, when the one who opened it asks. */
import { variantFolder } from './figures.mjs';
import { rows } from './rows/index.mjs';

// What npm would publish: from a development server a worker's many modules take longer than its start.
/** @type {typeof import('../src/index')} */
const glovebox = await import(new URL('/dist/page/index.js', document.baseURI).href);
const library = {
  ...glovebox,
  PythonGuest: {
    /**
     * @param {import('./figures.mjs').Variant} [variant]
     * @param {import('../src/index').LoadOptions} [options]
     */
    load(variant, options) {
      const folder = variant === undefined ? 'guest/' : variantFolder(variant);
      return glovebox.PythonGuest.load(new URL(`/${folder}`, document.baseURI), options);
    },
  },
};

Object.assign(globalThis, {
  /** @param {{ name: string, host: 'chromium' | 'chromium-plain' | 'firefox', programs: Record<string, string> }} order */
  async measure({ name, host, programs }) {
    const row = rows.find((candidate) => candidate.name === name);
    if (row === undefined) throw new Error(`no row ${name}`);
    const binaries = Object.entries(programs).map(([key, base64]) => [
      key,
      Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)),
    ]);
    return row.measure({ name: host, library, programs: Object.fromEntries(binaries) });
  },
});
