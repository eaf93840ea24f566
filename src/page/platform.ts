/** The controller's needs, met by a page. */
import type { Platform } from '../controller/platform';
import { EnvironmentError } from '../errors';
import { compileBytes } from './compile';
import { takeWorker } from './worker-here';

/**
 * What the stacks of browsers hold, whatever a guest finds when it tries: Firefox seems to hold 10,000
 * levels as long as it has not optimised the code, and then 666.
 */
const MOST_DEPTH = 640;

export const pagePlatform: Platform = {
  mostDepth: MOST_DEPTH,

  createWorker(onFailure) {
    const { worker, terminate } = takeWorker();
    worker.addEventListener('error', (event) =>
      onFailure(event.message || 'the worker broke down'),
    );
    return { endpoint: worker, terminate, keepAlive: () => undefined };
  },

  compile: compileBytes,

  yieldToEventLoop(then) {
    // A message is a task of its own right behind those that wait; a timer would be clamped to 4 ms.
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      then();
    };
    port2.postMessage(undefined);
  },

  chooseChannel() {
    // WebKitGTK isolates a page and yet has no shared memory for it.
    if (globalThis.crossOriginIsolated && 'SharedArrayBuffer' in globalThis) return 'shared';
    if ('Suspending' in WebAssembly) return 'suspend';
    throw new EnvironmentError(
      globalThis.crossOriginIsolated
        ? 'this browser has neither shared memory nor JSPI: a guest can not wait for the page'
        : 'this page is not cross-origin isolated, and this browser lacks JSPI, which works without: ' +
            'serve the page over HTTPS or localhost with the headers ' +
            'Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: ' +
            'require-corp, or call isolatePage() where the server can not send them',
    );
  },
};
