/** Starts the page, or says in place why it can't. */
import './define-playground';
import { isolatePage } from '../index';
import { keepOffline } from './offline';
import { GloveboxPlayground } from './playground-element';
import { Side } from './side';

/** Where neither is there, a service worker can still isolate the page, for which it is loaded once more. */
async function canWait(): Promise<boolean> {
  if (crossOriginIsolated || 'Suspending' in WebAssembly) return true;
  return isolatePage('service-worker.js');
}

async function start(): Promise<void> {
  const playground = document.querySelector('glovebox-playground');
  if (!(playground instanceof GloveboxPlayground)) return;
  // Without it the page still edits, and says what is missing when Python is started.
  await canWait();
  const side = new Side(playground);
  await playground.start();
  await side.fill();
  // Not under Vite's server, which has no such service worker.
  if (import.meta.hot === undefined) {
    await keepOffline({
      onKept: () => playground.setKept(),
      onUpdate: (use) => playground.offerUpdate(use),
    });
  }
}

void start();
