/**
 * The guest's instance and the ways into it. Answers the controller's few orders; decides nothing.
 */
import type { Caller } from '../channel/channel';
import { SharedCaller } from '../channel/shared';
import type { Entered, GuestEnd, StartOptions, WorkerControl } from '../protocol/control';
import { GuestMemory } from './guest-memory';
import { createImports, GuestExit } from './stubs';

export class Guest implements WorkerControl {
  #instance: WebAssembly.Instance | undefined;
  #memory: GuestMemory | undefined;

  async start(options: StartOptions): Promise<Entered> {
    this.#instantiate(options, new SharedCaller(options.channel));
    return this.enter('_initialize');
  }

  /** An export that the module lacks counts as one that returned: `_initialize` is optional. */
  async enter(entry: string): Promise<Entered> {
    const run = this.#instance?.exports[entry];
    const end = typeof run === 'function' ? enterGuest(run as () => unknown) : returned(0);
    return { ...end, heapBytes: this.#memory?.byteLength ?? 0 };
  }

  #instantiate({ module, memory: size }: StartOptions, caller: Caller): void {
    const imports = createImports(
      module,
      () => {
        // Only a wasm start section could call before this is set, and no module of ours has one.
        if (this.#memory === undefined) throw new WebAssembly.RuntimeError('no memory yet');
        return this.#memory;
      },
      caller,
    );
    let memory: unknown;
    for (const wanted of WebAssembly.Module.imports(module)) {
      if (wanted.kind !== 'memory') continue;
      memory = new WebAssembly.Memory({ initial: size.initialPages, maximum: size.maximumPages });
      imports[wanted.module] = {
        ...imports[wanted.module],
        [wanted.name]: memory as WebAssembly.Memory,
      };
    }
    this.#instance = new WebAssembly.Instance(module, imports);
    memory ??= this.#instance.exports['memory'];
    if (memory instanceof WebAssembly.Memory) this.#memory = new GuestMemory(memory);
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
