/**
 * One guest from its start to its end: a worker, the channel to it, and the handlers behind that.
 * What it was is gone with it; a sandbox that goes on makes another.
 */
import { type Remote, releaseProxy, transfer, wrap } from 'comlink';
import { type OpenedChannel, openChannel } from '../channel/open';
import type { ChannelKind, Entered, MemorySize, WorkerControl } from '../protocol/control';
import { createDispatcher, type HostCall } from './dispatcher';
import { createHandlers } from './host-calls';
import type { HostContext } from './host-calls/context';
import type { Limits } from './limits';
import type { Platform, WorkerHandle } from './platform';

/** Why a guest was ended from outside. */
export type EndReason = 'timeout' | 'cpu' | 'output' | 'terminated' | 'crashed';

export type SessionEnd =
  | Entered
  | { readonly kind: 'ended'; readonly reason: EndReason; readonly message: string };

export interface SessionOptions {
  readonly module: WebAssembly.Module;
  readonly memory: MemorySize;
  readonly context: HostContext;
  readonly platform: Platform;
  readonly channel: ChannelKind;
  readonly onHostCall?: ((call: HostCall) => void) | undefined;
  readonly onFault: (fault: unknown) => void;
}

export type RunLimits = Pick<Limits, 'wallMs' | 'cpuMs'>;

/** The ABI's number of it. */
const SIGINT = 2;

export class Session {
  readonly context: HostContext;
  readonly #channel: OpenedChannel;
  readonly #worker: WorkerHandle;
  readonly #control: Remote<WorkerControl>;
  readonly #options: SessionOptions;
  readonly #ended: Promise<SessionEnd>;
  #end: (end: SessionEnd) => void = () => undefined;
  #alive = true;

  constructor(options: SessionOptions) {
    const { platform, context } = options;
    this.#options = options;
    this.context = context;
    this.#ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.#channel = openChannel(options.channel, (then) => platform.yieldToEventLoop(then));
    this.#channel.answerer.serve(
      createDispatcher({
        handlers: createHandlers(context),
        onHostCall: options.onHostCall,
        onFault: options.onFault,
        cpu: context.cpu,
      }),
    );
    this.#worker = platform.createWorker((message) => this.terminate('crashed', message));
    this.#control = wrap<WorkerControl>(this.#worker.endpoint);
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** Instantiates the module, whose start section and `_initialize` may run code already. */
  start(limits: RunLimits): Promise<SessionEnd> {
    const { module, memory } = this.#options;
    const { end, transfer: moved } = this.#channel;
    return this.#within(limits, () =>
      this.#control.start(transfer({ module, memory, channel: end }, moved)),
    );
  }

  /** Runs an export until it returns or the guest ends, at its limits if nothing else ends it. */
  enter(entry: string, limits: RunLimits): Promise<SessionEnd> {
    return this.#within(limits, () => this.#control.enter(entry));
  }

  async #within({ wallMs, cpuMs }: RunLimits, enter: () => Promise<Entered>): Promise<SessionEnd> {
    const { stopwatch, cpu, output } = this.context;
    output.bytes = 0;
    this.#channel.answerer.clearSignals();
    stopwatch.start(wallMs, () => this.terminate('timeout'));
    cpu.start(cpuMs, () => this.terminate('cpu'));
    try {
      return await this.#settle(enter());
    } finally {
      stopwatch.stop();
      cpu.stop();
    }
  }

  /** The guest notices when it looks at its signals, at once if it waits in a host call. */
  interrupt(): void {
    this.#channel.answerer.signal(1 << SIGINT);
    this.context.interruption.interrupt();
  }

  terminate(reason: EndReason, message = ''): void {
    if (!this.#alive) return;
    this.#alive = false;
    this.#channel.answerer.close();
    this.#worker.terminate();
    this.#control[releaseProxy]();
    this.context.interruption.interrupt();
    this.context.stopwatch.stop();
    this.context.cpu.stop();
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
