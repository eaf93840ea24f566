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

/** A classic script knows its own address as long as it is first run. */
const SCRIPT = new URL(workerScript, import.meta.url);

/**
 * As built it has no imports: of a classic script browsers keep what they have compiled. Vite's server, which sends modules,
 * says so in the address; `import.meta.env` would say nothing of it where NODE_ENV is "production".
 */
const SCRIPT_TYPE = SCRIPT.searchParams.get('type') === 'module' ? 'module' : 'classic';

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
 * library on another server) a script that is loads it: a classic one always, as Chromium and WebKit start
 * no module there. In a frame without an origin WebKit starts no blob either.
 */
function workerScriptHere(): WorkerScript {
  const forget = (): void => undefined;
  if (SCRIPT.origin === globalThis.origin)
    return { address: SCRIPT.href, type: SCRIPT_TYPE, forget };
  const text = `importScripts(${JSON.stringify(SCRIPT.href)});`;
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
