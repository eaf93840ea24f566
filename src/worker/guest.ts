/**
 * The guest's instance and the ways into it. Answers the controller's few orders; decides nothing.
 */
import type { Caller } from '../channel/channel';
import { SharedCaller } from '../channel/shared';
import type { Entered, GuestEnd, StartOptions, WorkerControl } from '../protocol/control';
import { GuestMemory } from './guest-memory';
import { createImports, GuestExit } from './stubs';

export class Guest implements WorkerControl {
  readonly #openCaller: (channel: SharedArrayBuffer) => Caller;
  #instance: WebAssembly.Instance | undefined;
  /** Of no size until the module's own is known: then each pointer is a bad one. */
  #memory = new GuestMemory(new WebAssembly.Memory({ initial: 0, maximum: 0 }));

  constructor(openCaller = (channel: SharedArrayBuffer): Caller => new SharedCaller(channel)) {
    this.#openCaller = openCaller;
  }

  async start(options: StartOptions): Promise<Entered> {
    // A module may run code of its own while it is instantiated, and end there.
    const end = enterGuest(() => this.#instantiate(options, this.#openCaller(options.channel)));
    if (end.kind !== 'returned') return { ...end, heapBytes: this.#memory.byteLength };
    return this.enter('_initialize');
  }

  /** An export that the module lacks counts as one that returned: `_initialize` is optional. */
  async enter(entry: string): Promise<Entered> {
    const run = this.#instance?.exports[entry];
    const end = typeof run === 'function' ? enterGuest(run as () => unknown) : returned(0);
    return { ...end, heapBytes: this.#memory.byteLength };
  }

  #instantiate({ module, memory: size }: StartOptions, caller: Caller): void {
    const imports = createImports(module, () => this.#memory, caller);
    const wanted = WebAssembly.Module.imports(module).find(({ kind }) => kind === 'memory');
    if (wanted !== undefined) {
      const { initialPages: initial, maximumPages: maximum } = size;
      const memory = new WebAssembly.Memory({ initial, maximum });
      this.#memory = new GuestMemory(memory);
      imports[wanted.module] = { ...imports[wanted.module], [wanted.name]: memory };
    }
    this.#instance = new WebAssembly.Instance(module, imports);
    const { memory } = this.#instance.exports;
    if (wanted === undefined && memory instanceof WebAssembly.Memory) {
      this.#memory = new GuestMemory(memory);
    }
  }
}

function returned(status: number): GuestEnd {
  return { kind: 'returned', status };
}

function enterGuest(run: () => unknown): GuestEnd {
  try {
    const status = run();
    return returned(typeof status === 'number' ? status : 0);
  } catch (error) {
    if (error instanceof GuestExit) return { kind: 'exit', code: error.code };
    // A wasm fault is a RuntimeError; the engine's stack running out is a RangeError in V8 and
    // JavaScriptCore, an InternalError in Firefox. All leave the instance in an unknown state.
    return { kind: 'trap', message: error instanceof Error ? error.message : 'unknown fault' };
  }
}
