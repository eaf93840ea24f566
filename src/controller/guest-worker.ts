/** A worker for one guest, whose instance may be there before the guest is. */
import { type Remote, releaseProxy, transfer, wrap } from 'comlink';
import type { InstanceOptions, Started, StartOptions, WorkerControl } from '../protocol/control';
import type { Platform, WorkerHandle } from './platform';

export class GuestWorker {
  readonly control: Remote<WorkerControl>;
  /** The worker could not start, or broke down by itself. */
  onFailure: (message: string) => void;
  readonly #handle: WorkerHandle;
  /** Of the instance that waits there. */
  #prepared: InstanceOptions | undefined;
  #ended = false;

  constructor(
    platform: Pick<Platform, 'createWorker'>,
    onFailure: (message: string) => void = () => undefined,
  ) {
    this.onFailure = onFailure;
    this.#handle = platform.createWorker((message) => this.onFailure(message));
    this.control = wrap<WorkerControl>(this.#handle.endpoint);
  }

  /** Makes an instance, of which nothing runs yet. */
  async prepare(instance: InstanceOptions): Promise<void> {
    this.#prepared = instance;
    if (await this.control.prepare(fieldsOf(instance))) return;
    this.#prepared = undefined;
  }

  /** Makes the instance unless it is there, and lets it begin. `moved`: see `postMessage`. */
  start(
    instance: InstanceOptions,
    options: Omit<StartOptions, 'instance'>,
    moved: Transferable[],
  ): Promise<Started> {
    const isThere = this.#prepared !== undefined && isSameInstance(this.#prepared, instance);
    const made = isThere ? undefined : fieldsOf(instance);
    return this.control.start(transfer({ ...options, instance: made }, moved));
  }

  /** Whether the process is to go on as long as the worker is there. */
  keepAlive(keeps: boolean): void {
    this.#handle.keepAlive(keeps);
  }

  /** May be called again. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#handle.terminate();
    this.control[releaseProxy]();
  }
}

/** Whether the instances of two guests are alike until they begin. */
export function isSameInstance(one: InstanceOptions, other: InstanceOptions): boolean {
  return (
    one.module === other.module &&
    one.image === other.image &&
    one.channel === other.channel &&
    one.memory.initialPages === other.memory.initialPages &&
    one.memory.maximumPages === other.memory.maximumPages
  );
}

/** Nothing else goes to a worker. */
function fieldsOf({ module, memory, image, channel }: InstanceOptions): InstanceOptions {
  return { module, memory, image, channel };
}
