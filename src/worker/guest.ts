/**
 * The guest's instance and the ways into it. Answers the controller's few orders; decides nothing.
 */
import type { Caller } from '../channel/channel';
import { openCaller } from '../channel/open';
import type {
  ChannelEnd,
  Entered,
  GuestEnd,
  StartOptions,
  WorkerControl,
} from '../protocol/control';
import { GuestMemory } from './guest-memory';
import { createImports, GuestExit, type Stub } from './stubs';
import { promising, suspending } from './suspension';

type Entry = () => unknown;

export class Guest implements WorkerControl {
  #instance: WebAssembly.Instance | undefined;
  /** Of no size until the module's own is known: then each pointer is a bad one. */
  #memory = new GuestMemory(new WebAssembly.Memory({ initial: 0, maximum: 0 }));
  readonly #openCaller: (end: ChannelEnd) => Caller;
  #suspends = false;

  constructor(open = openCaller) {
    this.#openCaller = open;
  }

  async start(options: StartOptions): Promise<Entered> {
    this.#suspends = options.channel.kind === 'suspend';
    // A module may run code of its own while it is instantiated, and end there.
    const end = await endOf(() => this.#instantiate(options));
    if (end.kind !== 'returned') return { ...end, heapBytes: this.#memory.byteLength };
    return this.enter('_initialize');
  }

  /** An export that the module lacks counts as one that returned: `_initialize` is optional. */
  async enter(entry: string): Promise<Entered> {
    const run = this.#instance?.exports[entry];
    const end = typeof run === 'function' ? await endOf(this.#entry(run as Entry)) : returned(0);
    return { ...end, heapBytes: this.#memory.byteLength };
  }

  #entry(entry: Entry): Entry {
    return this.#suspends ? promising(entry) : entry;
  }

  #instantiate({ module, memory: size, channel }: StartOptions): void {
    const imports = this.#importValues(
      createImports(module, () => this.#memory, this.#openCaller(channel)),
    );
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

  #importValues(groups: Record<string, Record<string, Stub>>): WebAssembly.Imports {
    if (!this.#suspends) return groups;
    return Object.fromEntries(
      Object.entries(groups).map(([module, stubs]) => [
        module,
        Object.fromEntries(Object.entries(stubs).map(([name, stub]) => [name, suspending(stub)])),
      ]),
    );
  }
}

function returned(status: number): GuestEnd {
  return { kind: 'returned', status };
}

async function endOf(run: Entry): Promise<GuestEnd> {
  try {
    const status = await run();
    return returned(typeof status === 'number' ? status : 0);
  } catch (error) {
    if (error instanceof GuestExit) return { kind: 'exit', code: error.code };
    // A wasm fault is a RuntimeError; the engine's stack running out is a RangeError in V8 and
    // JavaScriptCore, an InternalError in Firefox. All leave the instance in an unknown state.
    return { kind: 'trap', message: error instanceof Error ? error.message : 'unknown fault' };
  }
}
