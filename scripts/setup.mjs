/** `npm run setup`: all that serving the page and testing it need. */
import { setUp } from './lib/setup.mjs';
import { command } from './lib/steps.mjs';

await command(() => setUp(new Set(['guest', 'browser'])));
