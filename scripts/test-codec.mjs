/**
 * `npm run test:codec [-- COUNT]`: random values from Python to the page and back, and from the page to Python and
 * back, and damaged messages to both readers, 1,000,000 of each unless said otherwise.
 */

import { randomTest } from './lib/random-test.mjs';

await randomTest({
  count: 1_000_000,
  of: 'values',
  project: 'guest',
  file: 'src/controller/value-messages',
  variable: 'GLOVEBOX_CODEC_VALUES',
});
