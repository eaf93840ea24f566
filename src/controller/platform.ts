/** What a page and Node do differently: the controller is the same over both. */
import type { Endpoint } from 'comlink';
import type { ChannelKind } from '../protocol/control';

export interface WorkerHandle {
  /** Carries the controller's orders. */
  readonly endpoint: Endpoint;
  /** Ends the worker, whatever it is doing. */
  terminate(): void;
  /** Whether the process goes on as long as it does; at first it does. Pages know nothing of the kind. */
  keepAlive(keeps: boolean): void;
}

export interface Platform {
  /** No deeper than this may a guest's C nest its calls, whatever is measured. */
  readonly mostDepth: number;
  /** `onFailure`: the worker could not start, or broke down by itself. */
  createWorker(onFailure: (message: string) => void): WorkerHandle;
  /** Rejects with the engine's error for what is no module. */
  compile(bytes: Uint8Array): Promise<WebAssembly.Module>;
  /** Runs `then` after the events that are waiting have had their turn. */
  yieldToEventLoop(then: () => void): void;
  /** The channel that this environment can have. Throws `EnvironmentError` if it is none. */
  chooseChannel(): ChannelKind;
}
