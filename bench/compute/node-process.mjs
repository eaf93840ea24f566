/** Carries out one order, as JSON on stdin, with the guest in this process of Node. */
import { json } from 'node:stream/consumers';
import { inProject } from '../../scripts/lib/project.mjs';
import { glovebox } from './interpreters.mjs';
import { carryOut } from './order.mjs';

// What npm would publish; by a path of its own, as it is no source.
/** @type {typeof import('../../src/node/index')} */
const library = await import(inProject('dist', 'node', 'index.js'));
const order = /** @type {import('./order.mjs').Order} */ (await json(process.stdin));
const open = glovebox(library, () => library.PythonGuest.load());
const report = await carryOut(open, order);
process.stdout.write(JSON.stringify(report), () => process.exit());
