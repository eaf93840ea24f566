/** The controller's needs, met by a page. */
import type { Platform } from '../controller/platform';
import type { GuestFiles } from '../controller/python-guest';
import { addStopChecks } from '../controller/stop-checks';
import { EnvironmentError } from '../errors';
// biome-ignore lint/style/noRestrictedImports: nothing of the worker's but the address of its bundle
import workerScript from '../worker/entry.ts?worker&url';
import { type GetFile, KeptFiles } from './kept-files';

/**
 * What the stacks of browsers hold, whatever a guest finds when it tries: Firefox seems to hold 10,000
 * levels as long as it has not optimised the code, and then 666.
 */
const MOST_DEPTH = 640;

export const pagePlatform: Platform = {
  mostDepth: MOST_DEPTH,

  createWorker(onFailure) {
    const { address, type, forget } = workerScriptHere();
    const worker = new Worker(address, { type, name: 'glovebox guest' });
    worker.addEventListener('error', (event) =>
      onFailure(event.message || 'the worker broke down'),
    );
    const terminate = (): void => {
      worker.terminate();
      forget();
    };
    return { endpoint: worker, terminate, keepAlive: () => undefined };
  },

  compile,

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

interface WorkerScript {
  readonly address: string;
  readonly type: WorkerType;
  readonly forget: () => void;
}

/**
 * A worker's script has to be of the page's origin. Where ours is not (a frame without an origin, a
 * library on another server) a script that is loads it: a classic one, as Chromium and WebKit start no
 * module there. In a frame without an origin WebKit starts no blob either.
 */
function workerScriptHere(): WorkerScript {
  const script = new URL(workerScript, import.meta.url);
  const forget = (): void => undefined;
  if (script.origin === globalThis.origin) return { address: script.href, type: 'module', forget };
  const text = `importScripts(${JSON.stringify(script.href)});`;
  if (globalThis.origin === 'null') {
    return {
      address: `data:text/javascript,${encodeURIComponent(text)}`,
      type: 'classic',
      forget,
    };
  }
  const address = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  return { address, type: 'classic', forget: () => URL.revokeObjectURL(address) };
}

/** The guest's files in a folder of a server. `folder` ends in a slash; `keep`: see `PageLoadOptions`. */
export function filesAt(folder: URL, keep = false): GuestFiles {
  const load = async (name: string): Promise<Response> => {
    const response = await fetch(new URL(name, folder));
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    return response;
  };
  const kept = keep ? new KeptFiles(folder, load) : undefined;
  const find: GetFile =
    kept?.get ?? (async (name) => ({ response: await load(name), isKept: false }));
  const get = async (name: string): Promise<Response> => {
    const { response, isKept } = await find(name);
    const { onRead } = files;
    return isKept || onRead === undefined ? response : counted(response, name, onRead);
  };
  const files: GuestFiles = {
    forget: async () => kept?.forget(),
    read: async (name) => new Uint8Array(await (await get(name)).arrayBuffer()),
    compile: async (name) => {
      const response = await get(name);
      return needsStopChecks()
        ? compile(new Uint8Array(await response.arrayBuffer()))
        : WebAssembly.compileStreaming(response);
    },
  };
  return files;
}

/** The same response, whose bytes are counted as they pass. */
function counted(
  response: Response,
  name: string,
  onRead: (name: string, bytes: number) => void,
): Response {
  let bytes = 0;
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(piece, controller) {
      bytes += piece.length;
      onRead(name, bytes);
      controller.enqueue(piece);
    },
  });
  const { status, headers } = response;
  const body = response.body?.pipeThrough(counter) ?? null;
  return new Response(body as ReadableStream<Uint8Array<ArrayBuffer>> | null, { status, headers });
}

function compile(bytes: Uint8Array): Promise<WebAssembly.Module> {
  return WebAssembly.compile(needsStopChecks() ? addStopChecks(bytes) : (bytes as BufferSource));
}

/** Nothing but its name tells an engine whose `terminate` leaves WebAssembly running. */
function needsStopChecks(): boolean {
  return navigator.vendor === 'Apple Computer, Inc.';
}
