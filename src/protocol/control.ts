/**
 * What the controller asks of its worker over Comlink. One way only: nothing of the page is ever
 * handed to the worker, and what comes back is plain data.
 */
import type { MemoryImage } from './memory-image';

export interface MemorySize {
  readonly initialPages: number;
  readonly maximumPages: number;
}

/** `shared`: the guest blocks its thread; `suspend`: the engine suspends it (JSPI). */
export type ChannelKind = 'shared' | 'suspend';

/** The worker's end of the channel. */
export type ChannelEnd =
  | { readonly kind: 'shared'; readonly memory: SharedArrayBuffer }
  | { readonly kind: 'suspend'; readonly port: MessagePort };

/** What a guest's instance is made from. */
export interface InstanceOptions {
  readonly module: WebAssembly.Module;
  /** Of the memory that the module imports; one that defines its own has its size written in it. */
  readonly memory: MemorySize;
  /** A memory that holds a started guest; what `capture` gives and `restore` takes is the difference to it. */
  readonly image?: MemoryImage | undefined;
  /** Of the channel that its host calls will go through. */
  readonly channel: ChannelKind;
}

export interface StartOptions {
  /** The code that the guest's module leaves out, where the controller has it already. */
  readonly rareCode?: WebAssembly.Module | undefined;
  /** Of none: what `prepare` has made. */
  readonly instance?: InstanceOptions | undefined;
  readonly channel: ChannelEnd;
  /** Whether `_initialize` is to be run: not where the memory holds a started guest, or will. */
  readonly initialize: boolean;
  /** Calls may nest as deep as the engine's stack is measured to hold, but no deeper than this. */
  readonly mostDepth: number;
  /** What was measured for another guest of the same module and kind of channel: it takes long. */
  readonly depth?: number | undefined;
  /** No deeper than this guest could elsewhere, whatever was measured here. */
  readonly depthAtMost?: number | undefined;
  /** An export to be entered at once, with what it gives for an answer: the page may be busy. */
  readonly entry?: string | undefined;
}

/** What a running guest tells of itself now and then. */
export interface Progress {
  /** Steps of the interpreter since the entry began. */
  readonly fuel: number;
  /** Size of the guest's linear memory. */
  readonly heapBytes: number;
}

export const NO_PROGRESS: Progress = { fuel: 0, heapBytes: 0 };

/** How one entry into the guest ended. */
export type GuestEnd =
  /** The export returned. */
  | { readonly kind: 'returned'; readonly status: number }
  /** `proc_exit`: the instance must not be entered again. */
  | { readonly kind: 'exit'; readonly code: number }
  /** A wasm fault, or the engine's stack ran out: neither must it be entered again. */
  | { readonly kind: 'trap'; readonly message: string };

/** Signals that a guest took: after so many steps and host calls of its entry. Bit n is signal n. */
export interface TakenSignals {
  readonly fuel: number;
  readonly calls: number;
  readonly signals: number;
}

/** An end, how far the guest was at that moment, and which signals it took until then, if any. */
export type Entered = GuestEnd & Progress & { readonly signals?: readonly TakenSignals[] };

/** `depth`: how deep calls may nest, where the guest leaves it to its host. */
export type Started = Entered & { readonly depth?: number | undefined };

export interface Captured {
  readonly image: MemoryImage;
  /** The memory that it is the difference to, where workers can share it. */
  readonly original: SharedArrayBuffer | undefined;
}

export interface WorkerControl {
  /**
   * Instantiates a module that runs nothing by itself, with stubs for the imports it has, before anyone needs it. False
   * where that can't be: `start` is to be given all then.
   */
  prepare(options: InstanceOptions): Promise<boolean>;
  /** Instantiates the module, where none is prepared, and lets it begin. */
  start(options: StartOptions): Promise<Started>;
  /**
   * Calls an export that takes nothing and gives nothing or a status. When it has taken `fuel` steps the
   * controller is told; without, it may take any number. `due`: the signals that it is to take, where it did
   * once; those that come through the channel are left there then.
   */
  enter(entry: string, fuel?: number, due?: readonly TakenSignals[]): Promise<Entered>;
  /**
   * What the guest is between two entries. `original`: what an earlier capture in another worker gave as such, for
   * the same module and image: it takes time to make.
   */
  capture(original?: SharedArrayBuffer): Promise<Captured>;
  /** Another guest in the place of one that was made from an image, and of which nothing is left. */
  renew(): Promise<void>;
  /**
   * What the guest has done until now can be undone: `restore` does. `original`: as for `capture`; gives what that
   * gives as such.
   */
  keepUndo(original?: SharedArrayBuffer): Promise<SharedArrayBuffer | undefined>;
  /**
   * Makes the guest what another one was when it was captured. Before the first entry only, or the first after
   * `keepUndo`.
   */
  restore(snapshot: MemoryImage): Promise<void>;
}
