/** The controller's needs, met by a page. */
import type { Platform } from '../controller/platform';
import type { GuestFiles } from '../controller/python-guest';
import { EnvironmentError } from '../errors';

export const pagePlatform: Platform = {
  createWorker(onFailure) {
    const worker = new Worker(new URL('../worker/entry.ts', import.meta.url), {
      type: 'module',
      name: 'glovebox guest',
    });
    worker.addEventListener('error', (event) =>
      onFailure(event.message || 'the worker broke down'),
    );
    return { endpoint: worker, terminate: () => worker.terminate() };
  },

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
    if (globalThis.crossOriginIsolated) return 'shared';
    if ('Suspending' in WebAssembly) return 'suspend';
    throw new EnvironmentError(
      'this page is not cross-origin isolated, and this browser lacks JSPI, which works without: ' +
        'serve the page over HTTPS or localhost with the headers ' +
        'Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp',
    );
  },
};

/** The guest's files in a folder of a server. `folder` ends in a slash. */
export function filesAt(folder: URL): GuestFiles {
  const get = async (name: string): Promise<Response> => {
    const response = await fetch(new URL(name, folder));
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    return response;
  };
  return {
    read: async (name) => new Uint8Array(await (await get(name)).arrayBuffer()),
    compile: async (name) => WebAssembly.compileStreaming(await get(name)),
  };
}
