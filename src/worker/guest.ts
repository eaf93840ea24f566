/**
 * The guest's instance and the ways into it. Answers the controller's few orders; decides nothing.
 */
import { transfer } from 'comlink';
import type { Caller } from '../channel/channel';
import { openCaller } from '../channel/open';
import type {
  Captured,
  ChannelEnd,
  Entered,
  GuestEnd,
  InstanceOptions,
  Started,
  StartOptions,
  TakenSignals,
  WorkerControl,
} from '../protocol/control';
import { SUCCESS } from '../protocol/errno';
import { andThen, type Maybe } from '../protocol/maybe';
import {
  captureMemory,
  differenceBack,
  type MemoryImage,
  restoreMemory,
  sharedOriginal,
} from '../protocol/memory-image';
import { PAGE_BYTES } from '../protocol/numbers';
import { MAIN_CODE, RARE_CODE_REQUEST } from '../protocol/rare-code';
import { measureDepth } from './depth';
import { FuelGauge } from './fuel';
import { GuestMemory, type LinearMemory } from './guest-memory';
import { searchParts } from './memory-search';
import { SignalDesk } from './signal-desk';
import { createImports, GuestExit, type ImportParts, type Stub } from './stubs';
import { promising, suspending } from './suspension';

/**
 * Of no size: each pointer is a bad one. No real memory, of which a page has only so many: each takes its share of the
 * engine's addresses, however small it is.
 */
const NO_MEMORY: LinearMemory = {
  buffer: new ArrayBuffer(0),
  grow: () => {
    throw new RangeError('there is no memory');
  },
};

type Entry = (value?: number) => unknown;

/** Called before a capture, where a guest has it: nothing that it has freed is left in memory then. */
const SETTLE = 'glovebox_settle';

/** Exported by modules whose stack lies before all else in their memory, and grows down. */
const STACK_POINTER = '__stack_pointer';

/** Where a guest has these, it leaves it to its host how deep its calls may nest. */
const TRY_DEPTH = 'glovebox_probe_depth';
const SET_DEPTH = 'glovebox_set_depth';

export class Guest implements WorkerControl {
  #instance: WebAssembly.Instance | undefined;
  #memory = new GuestMemory(NO_MEMORY);
  /** How deep its calls may nest, and whether it has been told. */
  #depth: number | undefined;
  #depthAtMost = Number.POSITIVE_INFINITY;
  #knowsDepth = false;
  /** Makes the instance and its memory. */
  #make: (() => void) | undefined;
  /** How that went: undefined before. */
  #made: Promise<GuestEnd> | undefined;
  readonly #openCaller: (end: ChannelEnd) => Caller;
  /** What an instance that is prepared gets only when it starts. */
  #opened: Caller | undefined;
  /** The code that its module leaves out; unknown until it is needed where the controller did not have it yet. */
  #rareCode: WebAssembly.Module | undefined;
  readonly #fuel = new FuelGauge();
  readonly #signals = new SignalDesk();
  #suspends = false;
  /** What brings the memory back to what it was made from, where it was entered meanwhile. */
  #undo: MemoryImage | undefined;
  /** Makes the memory once more as it was when the guest had just been started: shared, where that can be. */
  #original: (() => ArrayBuffer | SharedArrayBuffer) | undefined;

  readonly #importParts: ImportParts = {
    memory: () => this.#memory,
    caller: () => this.#caller,
    fuel: this.#fuel,
    signals: this.#signals,
    loadRareCode: () => this.#loadRareCode(),
  };

  constructor(open = openCaller) {
    this.#openCaller = open;
  }

  async prepare(options: InstanceOptions): Promise<boolean> {
    this.#suspends = options.channel === 'suspend';
    // A module may run code of its own while it is instantiated, and end there.
    this.#made = endOf(() => this.#instantiate(options));
    return (await this.#made).kind === 'returned';
  }

  async start(options: StartOptions): Promise<Started> {
    this.#opened = this.#openCaller(options.channel);
    this.#rareCode = options.rareCode;
    if (options.instance !== undefined) await this.prepare(options.instance);
    const end = await this.#made;
    if (end === undefined) throw new Error('there is nothing to start');
    if (end.kind !== 'returned') return this.#entered(end);
    const initialized = options.initialize ? await this.enter('_initialize') : this.#entered(end);
    if (initialized.kind !== 'returned') return initialized;
    this.#depthAtMost = options.depthAtMost ?? Number.POSITIVE_INFINITY;
    this.#depth = options.depth ?? (await this.#measureDepth(options.mostDepth));
    const { entry } = options;
    const entered = entry === undefined ? initialized : await this.enter(entry);
    return { ...entered, depth: this.#depth };
  }

  async capture(known?: SharedArrayBuffer): Promise<Captured> {
    if (this.#original === undefined) throw new Error('there is no guest to capture');
    const settle = this.#export(SETTLE);
    if (settle !== undefined) await this.#entry(settle)();
    const original = known ?? this.#original();
    const shares = canShare(this.#suspends);
    const image = captureMemory(this.#memory.buffer, this.#differing(original), shares);
    const moved = [image.parts.buffer, ...(shares ? [] : [image.bytes.buffer])];
    return transfer({ image, original: sharedOf(original) }, moved);
  }

  async keepUndo(known?: SharedArrayBuffer): Promise<SharedArrayBuffer | undefined> {
    if (this.#original === undefined) throw new Error('there is no guest to bring back');
    const original = known ?? this.#original();
    this.#undo = differenceBack(this.#memory.buffer, original, this.#differing(original));
    return sharedOf(original);
  }

  /** Where the guest's memory differs from that one. */
  #differing(original: ArrayBufferLike): Uint32Array {
    return searchParts(this.#memory.linear, original, this.#deadBytes);
  }

  /** What calls have left behind on the stack, which lies before all else, between two entries. */
  get #deadBytes(): number {
    const pointer = this.#instance?.exports[STACK_POINTER];
    return pointer instanceof WebAssembly.Global ? Number(pointer.value) : 0;
  }

  async restore(snapshot: MemoryImage): Promise<void> {
    if (this.#instance === undefined) throw new Error('there is no guest to restore');
    if (this.#undo !== undefined) this.#undoAll(this.#undo, snapshot.pages * PAGE_BYTES);
    this.#memory.growTo(snapshot.pages);
    restoreMemory(snapshot, this.#memory.buffer);
  }

  /** Memory that has grown stays as large: where there may not be so much, another one is made. */
  #undoAll(undo: MemoryImage, mostBytes: number): void {
    if (this.#memory.byteLength > mostBytes) this.#make?.();
    else restoreMemory(undo, this.#memory.buffer);
    this.#undo = undefined;
    this.#knowsDepth = false;
  }

  async renew(): Promise<void> {
    if (this.#make === undefined) throw new Error('there is no guest to renew');
    this.#make();
  }

  /** An export that the module lacks counts as one that returned: `_initialize` is optional. */
  async enter(
    entry: string,
    fuel = Number.POSITIVE_INFINITY,
    due?: readonly TakenSignals[],
  ): Promise<Entered> {
    this.#undo = undefined;
    this.#limitDepth();
    this.#fuel.start(fuel);
    this.#signals.start(due);
    const run = this.#export(entry);
    return this.#entered(run === undefined ? returned(0) : await endOf(this.#entry(run)));
  }

  #entered(end: GuestEnd): Entered {
    const { taken } = this.#signals;
    const measures = { heapBytes: this.#memory.byteLength, fuel: this.#fuel.burnt };
    return { ...end, ...measures, ...(taken.length > 0 ? { signals: taken } : {}) };
  }

  #export(name: string): Entry | undefined {
    const exported = this.#instance?.exports[name];
    return typeof exported === 'function' ? (exported as Entry) : undefined;
  }

  async #measureDepth(mostLevels: number): Promise<number | undefined> {
    const tryDepth = this.#export(TRY_DEPTH);
    // On the stack that the guest will run on: a suspended one has another.
    return tryDepth && measureDepth(this.#entry(tryDepth), mostLevels);
  }

  /** Before the first entry rather than at the start: until then the memory is what it was made from. */
  #limitDepth(): void {
    if (this.#knowsDepth || this.#depth === undefined) return;
    this.#export(SET_DEPTH)?.(Math.min(this.#depth, this.#depthAtMost));
    this.#knowsDepth = true;
  }

  #entry(entry: Entry): Entry {
    return this.#suspends ? promising(entry) : entry;
  }

  #instantiate(options: InstanceOptions): void {
    const functions = this.#importValues(createImports(options.module, this.#importParts));
    this.#make = () => {
      const { instance, memory } = instantiate(options, functions);
      this.#instance = instance;
      this.#memory = new GuestMemory(memory);
      this.#knowsDepth = false;
      this.#undo = undefined;
    };
    this.#make();
    this.#original = () => {
      const { buffer } = instantiate(options, refusals(options.module)).memory;
      return canShare(this.#suspends) ? sharedOriginal(buffer) : buffer;
    };
  }

  /** The rest of the code joins the instance, before the first call into it. */
  #loadRareCode(): Maybe<number> {
    if (this.#rareCode !== undefined) return this.#join(this.#rareCode);
    return andThen(this.#caller.call(RARE_CODE_REQUEST), ({ errno, payload, awaitArrival }) => {
      if (errno !== SUCCESS) throw new Error('a part of the interpreter can not be loaded');
      awaitArrival?.(payload.length);
      this.#rareCode = new WebAssembly.Module(new Uint8Array(payload));
      return this.#join(this.#rareCode);
    });
  }

  #join(module: WebAssembly.Module): number {
    if (this.#instance === undefined) throw new Error('there is no guest to join');
    const memory = this.#memory.linear as WebAssembly.Memory;
    new WebAssembly.Instance(module, {
      ...createImports(module, this.#importParts),
      [MAIN_CODE]: { ...this.#instance.exports, memory },
    });
    return 0;
  }

  get #caller(): Caller {
    if (this.#opened === undefined) throw new Error('a guest that is not started has no host');
    return this.#opened;
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

function instantiate(
  { module, memory: size, image }: InstanceOptions,
  functions: WebAssembly.Imports,
): { instance: WebAssembly.Instance; memory: LinearMemory } {
  const wanted = WebAssembly.Module.imports(module).find(({ kind }) => kind === 'memory');
  const imports = { ...functions };
  let memory: WebAssembly.Memory | undefined;
  if (wanted !== undefined) {
    const { initialPages, maximumPages: maximum } = size;
    memory = new WebAssembly.Memory({ initial: image?.pages ?? initialPages, maximum });
    imports[wanted.module] = { ...imports[wanted.module], [wanted.name]: memory };
  }
  const instance = new WebAssembly.Instance(module, imports);
  const { memory: own } = instance.exports;
  const made = memory ?? (own instanceof WebAssembly.Memory ? own : NO_MEMORY);
  // Over what the module has written there by itself.
  if (image !== undefined) restoreMemory(image, made.buffer);
  return { instance, memory: made };
}

/** A worker of a sandboxed frame may be given shared memory, and has no way to make some. */
function canShare(suspends: boolean): boolean {
  return !suspends && 'SharedArrayBuffer' in globalThis;
}

function sharedOf(memory: ArrayBuffer | SharedArrayBuffer): SharedArrayBuffer | undefined {
  return memory instanceof ArrayBuffer ? undefined : memory;
}

/** For an instance that is only there for its memory: nothing of it may run. */
function refusals(module: WebAssembly.Module): WebAssembly.Imports {
  const refuse = (): never => {
    throw new Error('a module that runs code of its own when it is made can not be captured');
  };
  const imports: Record<string, Record<string, () => never>> = {};
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    if (kind === 'function') imports[from] = { ...imports[from], [name]: refuse };
  }
  return imports;
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
