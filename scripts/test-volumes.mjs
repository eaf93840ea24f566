/**
 * `npm run test:volumes [-- OPERATIONS]`: the same random operations on each kind of volume and on
 * the file system of this machine, 100,000 of them unless said otherwise.
 */

import { randomTest } from './lib/random-test.mjs';

await randomTest({
  count: 100_000,
  of: 'operations',
  project: 'unit',
  file: 'src/node/volume-model',
  variable: 'GLOVEBOX_VOLUME_OPERATIONS',
});
