/** The worker that a guest of this page lives in. */
// biome-ignore lint/style/noRestrictedImports: nothing of the worker's but the address of its bundle
import workerScript from '../worker/entry.ts?worker&url';

export interface PageWorker {
  readonly worker: Worker;
  /** For good. */
  readonly terminate: () => void;
}

interface WorkerScript {
  readonly address: string;
  readonly type: WorkerType;
  readonly forget: () => void;
}

interface Begun extends PageWorker {
  /** It could not start. */
  failed: boolean;
}

let begun: Begun | undefined;

/** Starts the worker of the next guest, unless it has been started. */
export function beginWorker(): void {
  if (begun !== undefined) return;
  const started: Begun = { ...startWorker(), failed: false };
  started.worker.addEventListener('error', () => {
    started.failed = true;
  });
  begun = started;
}

/** One that has begun, if there is one: once. */
export function takeWorker(): PageWorker {
  const waiting = begun;
  begun = undefined;
  // Another one fails where somebody hears of it.
  return waiting === undefined || waiting.failed ? startWorker() : waiting;
}

function startWorker(): PageWorker {
  const { address, type, forget } = workerScriptHere();
  const worker = new Worker(address, { type, name: 'glovebox guest' });
  const terminate = (): void => {
    worker.terminate();
    forget();
  };
  return { worker, terminate };
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
