/**
 * One guest from its start to its end: a worker, the channel to it, and the handlers behind that.
 * What it was is gone with it; a sandbox that goes on makes another.
 */
import { type Remote, releaseProxy, transfer, wrap } from 'comlink';
import { type OpenedChannel, openChannel } from '../channel/open';
import type {
  ChannelKind,
  Entered,
  MemorySize,
  Progress,
  WorkerControl,
} from '../protocol/control';
import type { MemoryImage } from '../protocol/memory-image';
import { createDispatcher, type HostCall } from './dispatcher';
import { createHandlers } from './host-calls';
import type { HostContext } from './host-calls/context';
import type { Platform, WorkerHandle } from './platform';
import { type Allowance, type BudgetName, Watchdog } from './watchdog';

/** Why a guest was ended from outside: at a limit, on request, or because its worker broke down. */
export type EndReason = BudgetName | 'terminated' | 'crashed';

export type SessionEnd =
  | Entered
  | { readonly kind: 'ended'; readonly reason: EndReason; readonly message: string };

export interface SessionOptions {
  readonly module: WebAssembly.Module;
  readonly memory: MemorySize;
  /** The guest is made from it. */
  readonly image?: MemoryImage | undefined;
  /** How deep calls of this module's guests may nest, by kind of channel: measured once and kept here. */
  readonly depths?: Map<ChannelKind, number>;
  readonly createContext: (watchdog: Watchdog) => HostContext;
  readonly platform: Platform;
  readonly channel: ChannelKind;
  readonly onHostCall?: ((call: HostCall) => void) | undefined;
  readonly onFault: (fault: unknown) => void;
}

/** The guest's numbers of them. */
const SIGINT = 2;
const SIGXCPU = 24;
const SIGXFSZ = 25;

export class Session {
  readonly context: HostContext;
  readonly watchdog: Watchdog;
  readonly #channel: OpenedChannel;
  readonly #worker: WorkerHandle;
  readonly #control: Remote<WorkerControl>;
  readonly #options: SessionOptions;
  readonly #ended: Promise<SessionEnd>;
  #end: (end: SessionEnd) => void = () => undefined;
  #alive = true;
  /** What the worker told of the last entry's end. */
  #last: Progress | undefined;

  constructor(options: SessionOptions) {
    const { platform } = options;
    this.#options = options;
    this.watchdog = new Watchdog({
      progress: () => this.progress,
      onReached: (limit) => this.#signal(limit === 'outputBytes' ? SIGXFSZ : SIGXCPU),
      onOverdue: (limit) => this.terminate(limit),
    });
    this.context = options.createContext(this.watchdog);
    this.#ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.#channel = openChannel(options.channel, (then) => platform.yieldToEventLoop(then));
    this.#channel.answerer.serve(
      createDispatcher({
        handlers: createHandlers(this.context),
        onHostCall: options.onHostCall,
        onFault: options.onFault,
        watchdog: this.watchdog,
      }),
      (durationMs) => this.watchdog.cpu.exclude(durationMs),
    );
    this.#worker = platform.createWorker((message) => this.terminate('crashed', message));
    this.#control = wrap<WorkerControl>(this.#worker.endpoint);
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** How far the guest is: exact between two entries, as of its last report while one is going on. */
  get progress(): Progress {
    return this.#last ?? this.#channel.answerer.progress;
  }

  /** Instantiates the module, whose start section and `_initialize` may run code already. */
  start(allowance: Allowance): Promise<SessionEnd> {
    const { module, memory, image, depths, platform } = this.#options;
    const { mostDepth } = platform;
    const { end, transfer: moved } = this.#channel;
    const depth = depths?.get(end.kind);
    return this.#within(allowance, async () => {
      const started = await this.#control.start(
        transfer({ module, memory, image, mostDepth, depth, channel: end }, moved),
      );
      if (started.depth !== undefined) depths?.set(end.kind, started.depth);
      return started;
    });
  }

  /** Runs an export until it returns or the guest ends, at its limits if nothing else ends it. */
  enter(entry: string, allowance: Allowance): Promise<SessionEnd> {
    return this.#within(allowance, () => this.#control.enter(entry, allowance.budget.fuel));
  }

  async #within(allowance: Allowance, enter: () => Promise<Entered>): Promise<SessionEnd> {
    this.#channel.answerer.clear();
    this.context.interruption.clear();
    this.#last = undefined;
    this.watchdog.start(allowance);
    try {
      const end = await this.#settle(enter());
      if (end.kind === 'ended') this.#last = this.progress;
      else this.#last = { fuel: end.fuel, heapBytes: end.heapBytes };
      return end;
    } finally {
      this.watchdog.stop();
    }
  }

  /** What the guest is, between two entries. */
  capture(): Promise<MemoryImage> {
    return this.#control.capture();
  }

  /** The guest notices when it looks at its signals, at once if it waits in a host call. */
  interrupt(): void {
    this.#signal(SIGINT);
  }

  #signal(number: number): void {
    this.#channel.answerer.signal(1 << number);
    this.context.interruption.interrupt();
  }

  terminate(reason: EndReason, message = ''): void {
    if (!this.#alive) return;
    this.#alive = false;
    this.#channel.answerer.close();
    this.#worker.terminate();
    this.#control[releaseProxy]();
    this.context.interruption.interrupt();
    this.watchdog.stop();
    this.context.fds.closeAll();
    this.#end({ kind: 'ended', reason, message });
  }

  async #settle(entered: Promise<Entered>): Promise<SessionEnd> {
    const failed = entered.catch((error: unknown): SessionEnd => {
      const message = error instanceof Error ? error.message : String(error);
      this.terminate('crashed', message);
      return { kind: 'ended', reason: 'crashed', message };
    });
    const end = await Promise.race([failed, this.#ended]);
    // After these the instance must not be entered again.
    if (end.kind === 'exit' || end.kind === 'trap') this.terminate('terminated');
    return end;
  }
}
