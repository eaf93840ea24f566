/** Measures one row in this process: the row's name and its programs come as JSON on stdin. */
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { inProject } from '../scripts/lib/project.mjs';
import { variantFolder } from './figures.mjs';
import { rows } from './rows/index.mjs';

// What npm would publish; by a path of its own, as it is no source.
const library = await import(inProject('dist', 'node', 'index.js'));
const { name, programs } = JSON.parse(await text(process.stdin));
const row = rows.find((candidate) => candidate.name === name);
if (row === undefined) throw new Error(`no row ${name}`);
const binaries = Object.entries(programs).map(([key, base64]) => [
  key,
  new Uint8Array(Buffer.from(String(base64), 'base64')),
]);
const figures = await row.measure({
  name: 'node',
  library: {
    ...library,
    PythonGuest: {
      /**
       * @param {import('./figures.mjs').Variant} [variant]
       * @param {import('../src/index').LoadOptions} [options]
       */
      load(variant, options) {
        if (variant === undefined) return library.PythonGuest.load(undefined, options);
        return library.PythonGuest.load(pathToFileURL(inProject(variantFolder(variant))), options);
      },
    },
  },
  programs: Object.fromEntries(binaries),
});
console.log(JSON.stringify(figures));
