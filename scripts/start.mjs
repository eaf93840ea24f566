/** `npm start [-- --port N]`: the set-up, then the page on a local web server. */
import { parseArgs } from 'node:util';
import { inProject } from './lib/project.mjs';
import { setUp } from './lib/setup.mjs';
import { command, Failure } from './lib/steps.mjs';

/** @param {string} text */
function portOf(text) {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65536) return port;
  throw new Failure(`--port: ${text} is not a port number.`);
}

await command(async (args) => {
  const { values } = parseArgs({ args, options: { port: { type: 'string', default: '5173' } } });
  const port = portOf(values.port);
  await setUp(new Set(['guest']));
  // Only now: before the set-up there may be no Vite.
  const { createServer } = await import('vite');
  const server = await createServer({ root: inProject(), logLevel: 'warn', server: { port } });
  // Takes the next free port when this one is in use.
  await server.listen();
  const address = server.resolvedUrls?.local[0];
  console.log(`\nGlovebox is at ${address} (Ctrl+C ends it)`);
});
