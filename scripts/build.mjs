/** `npm run build`: everything in `dist/`, for a package or a web server. */
import { buildPageLibrary, buildSite, buildTypes } from './lib/bundles.mjs';
import { setUp } from './lib/setup.mjs';
import { command, step } from './lib/steps.mjs';

await command(async () => {
  await setUp(new Set(['guest']));
  await step('page library (dist/page)', buildPageLibrary);
  await step('type declarations (dist/types)', buildTypes);
  await step('site (dist/site)', buildSite);
});
