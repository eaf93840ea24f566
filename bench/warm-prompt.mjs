/** A page with a prompt that its browser has seen before: from navigation until the prompt is there. */
import { setTimeout as pause } from 'node:timers/promises';
import { inProject } from '../scripts/lib/project.mjs';
import { spread } from './figures.mjs';
import { openProfile } from './profile.mjs';
import { openServer } from './static-server.mjs';
import { TELL, visit } from './told-time.mjs';

const WARM_UPS = 3;
const ROUNDS = 11;
/** What its user did on the visits before: engines keep the code of what has run for a while. */
const PROGRAM = `
import json, re
for n in range(60):
    table = [{'n': i, 's': str(i) * 3, 'f': i / 7} for i in range(2_000)]
    text = json.dumps(sorted(table, key=lambda row: row['s']))
    len(re.findall(r'"n": \\d+', text))
`;
/** Browsers store it a while after that. */
const UNTIL_KEPT_MS = 4_000;

const PAGE = '/prompt.html';

const pages = {
  [PAGE]: `<!doctype html><title>Prompt</title>
<script defer src="/page/repl.global.js"></script>
<script type="module">
const repl = document.querySelector('glovebox-repl');
// All that is on the screen is read only once it can be there.
const look = () => {
  if (repl.state === 'editing' && repl.text.endsWith('>>>')) {
    ${TELL}
  } else setTimeout(look, 2);
};
look();
</script>
<glovebox-repl guest="/guest/"></glovebox-repl>`,
};

/** @returns {Promise<import('./figures.mjs').Figure[]>} */
export async function measureWarmPrompt() {
  const folders = { page: inProject('dist', 'page'), guest: inProject('public', 'guest') };
  const server = await openServer(folders, pages);
  // One that is in memory keeps no code.
  const { context, remove } = await openProfile();
  /** @param {boolean} isWarmUp */
  const visitOnce = async (isWarmUp) => {
    const page = await context.newPage();
    try {
      const time = await visit(page, server.address + PAGE);
      if (isWarmUp) {
        await page.evaluate(
          (program) => document.querySelector('glovebox-repl')?.session?.runSource(program, 'warm'),
          PROGRAM,
        );
        await pause(UNTIL_KEPT_MS);
      }
      return time;
    } finally {
      await page.close();
    }
  };
  try {
    for (let round = 0; round < WARM_UPS; round++) await visitOnce(true);
    server.takeSentBytes();
    const times = [];
    for (let round = 0; round < ROUNDS; round++) times.push(await visitOnce(false));
    return [
      { label: 'to the first prompt', unit: 'ms', ...spread(times), target: 300 },
      { label: 'sent for all these visits', value: server.takeSentBytes(), unit: 'bytes' },
    ];
  } finally {
    await context.close();
    server.close();
    remove();
  }
}
