/**
 * `npm run size [-- --json]`: what a page downloads before its first prompt. Fails past the budget.
 */
import { parseArgs } from 'node:util';
import { measureSizes } from './lib/size.mjs';
import { command, Failure } from './lib/steps.mjs';

await command(async (args) => {
  const { values } = parseArgs({ args, options: { json: { type: 'boolean', default: false } } });
  const sizes = await measureSizes();
  const { files, totalBrotliBytes, budgetBytes } = sizes;
  if (values.json) {
    console.log(JSON.stringify(sizes));
  } else {
    for (const { name, bytes, brotliBytes } of files) {
      console.log(`${String(brotliBytes).padStart(9)} of ${String(bytes).padStart(9)}  ${name}`);
    }
    console.log(`${String(totalBrotliBytes).padStart(9)} in all, of ${budgetBytes} at most`);
  }
  if (totalBrotliBytes > budgetBytes) {
    throw new Failure(
      `The first prompt costs ${totalBrotliBytes - budgetBytes} bytes more than it may.`,
    );
  }
});
