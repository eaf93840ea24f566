/**
 * `npm run test:images [-- PROGRAMS]`: random programs that are stopped in their middle, captured, restored and
 * continued, 1,000 of them unless said otherwise.
 */

import { randomTest } from './lib/random-test.mjs';

await randomTest({
  count: 1000,
  of: 'programs',
  project: 'guest',
  file: 'src/controller/snapshot-programs',
  variable: 'GLOVEBOX_IMAGE_PROGRAMS',
});
