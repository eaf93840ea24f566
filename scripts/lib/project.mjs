/** Where things are, for the commands that run before any dependency is installed. */

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectRoot = fileURLToPath(new URL('../../', import.meta.url));

/** @param {string[]} parts */
export function inProject(...parts) {
  return join(projectRoot, ...parts);
}

/**
 * Programs that npm installed are run as `node <file>`: `.bin` links differ between systems.
 * @param {string} name the path below `node_modules`
 */
export function packageProgram(name) {
  return [process.execPath, inProject('node_modules', name)];
}
