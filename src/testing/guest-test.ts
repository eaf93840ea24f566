/** For guest tests: the sources under test with the real interpreter in Node workers. */
import { fileURLToPath } from 'node:url';
import { test } from 'vitest';
import type { Outcome } from '../controller/outcome';
import type { OutputListener } from '../controller/output';
import { PythonGuest } from '../controller/python-guest';
import { Sandbox } from '../controller/sandbox';
import type { SandboxImage } from '../controller/sandbox-image';
import type {
  ForkOptions,
  RestoreOptions,
  RunOptions,
  SandboxOptions,
} from '../controller/sandbox-options';
import { createNodePlatform, filesIn } from '../node/platform';

export const projectFolder = fileURLToPath(new URL('../../', import.meta.url));

export const guestFolder = new URL('../../public/guest/', import.meta.url);

/** Node can't run the TypeScript of the worker's entry: the set-up has bundled it. */
export const workerFile = new URL('../../dist/node/worker-entry.cjs', import.meta.url);

export const platform = createNodePlatform(workerFile);

interface Output {
  readonly stdout: Uint8Array[];
  readonly stderr: Uint8Array[];
}

/** A sandbox whose output is kept. */
export class OpenedSandbox {
  readonly sandbox: Sandbox;
  readonly #output: Output;

  private constructor(sandbox: Sandbox, output: Output) {
    this.sandbox = sandbox;
    this.#output = output;
  }

  static open(guest: PythonGuest, options: Partial<SandboxOptions>): Promise<OpenedSandbox> {
    return OpenedSandbox.#keep((onOutput) =>
      Sandbox.create({ guest, onOutput, ...options }, platform),
    );
  }

  static restore(
    guest: PythonGuest,
    image: SandboxImage | Uint8Array,
    options: Partial<RestoreOptions>,
  ): Promise<OpenedSandbox> {
    return OpenedSandbox.#keep((onOutput) =>
      Sandbox.restore(image, { guest, onOutput, ...options }, platform),
    );
  }

  fork(options: ForkOptions = {}): Promise<OpenedSandbox> {
    return OpenedSandbox.#keep((onOutput) => this.sandbox.fork({ onOutput, ...options }));
  }

  static async #keep(make: (onOutput: OutputListener) => Promise<Sandbox>): Promise<OpenedSandbox> {
    const output: Output = { stdout: [], stderr: [] };
    const sandbox = await make((bytes, stream) => output[stream].push(bytes.slice()));
    return new OpenedSandbox(sandbox, output);
  }

  get stdoutBytes(): Uint8Array {
    return new Uint8Array(Buffer.concat(this.#output.stdout));
  }

  get stdout(): string {
    return Buffer.concat(this.#output.stdout).toString();
  }

  get stderr(): string {
    return Buffer.concat(this.#output.stderr).toString();
  }

  run(source: string | Uint8Array, options?: RunOptions): Promise<Outcome> {
    return this.sandbox.run(source, options);
  }

  /** What the program prints on stdout. Throws if it does not end well. */
  async printed(source: string): Promise<string> {
    const before = this.stdout.length;
    const outcome = await this.run(source);
    if (outcome.status !== 'ok') throw new Error(`${outcome.status}: ${this.stderr}`);
    return this.stdout.slice(before);
  }

  /** Waits until stdout holds the text. */
  async shows(text: string): Promise<void> {
    while (!this.stdout.includes(text)) await pause(2);
  }
}

export function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}

/** `it` with an interpreter: `shared` for tests that leave it as it was, `open` for the others. */
export const guestIt = test
  .extend('guest', { scope: 'file' }, () => PythonGuest.load(filesIn(guestFolder)))
  .extend('shared', { scope: 'file' }, async ({ guest }, { onCleanup }) => {
    const opened = await OpenedSandbox.open(guest, {});
    onCleanup(() => opened.sandbox.dispose());
    return opened;
  })
  .extend('keep', ({ guest }, { onCleanup }) => {
    const sandboxes: Sandbox[] = [];
    onCleanup(() => {
      for (const sandbox of sandboxes) sandbox.dispose();
    });
    return async (make: (guest: PythonGuest) => Promise<OpenedSandbox>): Promise<OpenedSandbox> => {
      const opened = await make(guest);
      sandboxes.push(opened.sandbox);
      return opened;
    };
  })
  .extend('open', ({ keep }) => {
    return (options: Partial<SandboxOptions> = {}) =>
      keep((guest) => OpenedSandbox.open(guest, options));
  })
  .extend('restore', ({ keep }) => {
    return (image: SandboxImage | Uint8Array, options: Partial<RestoreOptions> = {}) =>
      keep((guest) => OpenedSandbox.restore(guest, image, options));
  });
