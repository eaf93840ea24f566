/** Measures a row in this page, when the one who opened it asks. */
import * as glovebox from '../src/index';
import { rows } from './rows/index.mjs';

const library = {
  ...glovebox,
  PythonGuest: { load: () => glovebox.PythonGuest.load(new URL('/guest/', document.baseURI)) },
};

Object.assign(globalThis, {
  /** @param {{ name: string, programs: Record<string, string> }} order */
  async measure({ name, programs }) {
    const row = rows.find((candidate) => candidate.name === name);
    if (row === undefined) throw new Error(`no row ${name}`);
    const binaries = Object.entries(programs).map(([key, base64]) => [
      key,
      Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)),
    ]);
    return row.measure({ name: 'chromium', library, programs: Object.fromEntries(binaries) });
  },
});
