/** For tests: a worker of our own sources, bundled on the spot, as Node can't run TypeScript. */
import { fileURLToPath } from 'node:url';
import { Worker, type WorkerOptions } from 'node:worker_threads';
import { build } from 'vite';

export async function startBundledWorker(entry: URL, options: WorkerOptions = {}): Promise<Worker> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      ssr: fileURLToPath(entry),
      target: 'node20',
    },
  });
  const [bundle] = Array.isArray(result) ? result : [result];
  if (bundle === undefined || !('output' in bundle)) throw new Error('no bundle');
  const code = bundle.output.map((chunk) => ('code' in chunk ? chunk.code : '')).join('\n');
  return new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), options);
}
