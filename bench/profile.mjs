/** A browser with a user's profile, on disk: what pages store is as durable as it is for a user, and compiled code is kept. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright';
import { chromiumLaunchOptions } from '../scripts/lib/chromium.mjs';

/** `remove`: when the context is closed. */
export async function openProfile() {
  const profile = mkdtempSync(path.join(tmpdir(), 'glovebox-bench-'));
  return {
    context: await chromium.launchPersistentContext(profile, chromiumLaunchOptions()),
    remove: () => rmSync(profile, { recursive: true, force: true, maxRetries: 5 }),
  };
}
