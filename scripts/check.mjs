/** `npm run check`: format, lint, types and unit tests side by side; needs no guest. */
import { noTests, sum, summary } from './lib/counts.mjs';
import { installNpmPackages } from './lib/setup.mjs';
import { stages } from './lib/stages.mjs';
import { command, secondsSince } from './lib/steps.mjs';

await command(async () => {
  const startedMs = performance.now();
  await installNpmPackages();
  const results = await Promise.all(
    stages
      .filter(({ needs }) => needs.length === 0)
      .map(async (stage) => {
        const result = await stage.run({ show: false, extra: [] });
        const verdict = result.failed ? '✗' : '✓';
        console.log(`${verdict} ${stage.title} (${secondsSince(startedMs)})`);
        return result;
      }),
  );
  const failed = results.filter((result) => result.failed);
  for (const { output } of failed) console.error(`\n${output}`);
  console.log(summary(results.map(({ counts }) => counts).reduce(sum, noTests())));
  return failed.length > 0 ? 1 : 0;
});
