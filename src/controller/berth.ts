/** A worker and the channel to it, where one guest lives: the guest's memory is there before its world is. */
import type { Remote } from 'comlink';
import type { Answer, HostedListener } from '../channel/channel';
import { type OpenedChannel, openChannel } from '../channel/open';
import type { ChannelKind, Entered, InstanceOptions, WorkerControl } from '../protocol/control';
import { errno } from '../protocol/errno';
import { encodeRefusal, type Reply } from '../protocol/frame';
import type { Maybe } from '../protocol/maybe';
import type { MemoryImage } from '../protocol/memory-image';
import { isRareCodeRequest } from '../protocol/rare-code';
import { GuestWorker } from './guest-worker';
import type { Platform } from './platform';
import type { RareCode } from './rare-code';
import type { SpareWorker } from './spare-worker';
import type { Stopwatch } from './stopwatch';

export interface BerthOptions extends InstanceOptions {
  /** Whether the module's own `_initialize` is to be run, which may make host calls. */
  readonly initialize: boolean;
  /** How deep calls of this module's guests may nest, by kind of channel: measured once and kept here. */
  readonly depths?: Map<ChannelKind, number> | undefined;
  /** Calls of this guest may nest no deeper than so. */
  readonly depthAtMost?: number | undefined;
  /** The memories that this module's guests are compared with, by image: made once and kept here. */
  readonly originals?: Map<MemoryImage | undefined, SharedArrayBuffer> | undefined;
  /** The code that the module leaves out, if it does. */
  readonly rareCode?: RareCode | undefined;
  readonly platform: Platform;
  /** Where the worker comes from, if there is one. */
  readonly spare?: SpareWorker | undefined;
}

export class Berth {
  readonly channel: OpenedChannel;
  readonly #worker: GuestWorker;
  readonly #options: BerthOptions;
  #started: Promise<Entered> | undefined;
  #woken: string | undefined;

  constructor(options: BerthOptions) {
    const { platform } = options;
    this.#options = options;
    this.channel = openChannel(options.channel, (then) => platform.yieldToEventLoop(then));
    this.#worker = options.spare?.take(options) ?? new GuestWorker(platform);
  }

  get control(): Remote<WorkerControl> {
    return this.#worker.control;
  }

  /** The worker could not start, or broke down by itself. */
  set onFailure(listener: (message: string) => void) {
    this.#worker.onFailure = listener;
  }

  /** Has the guest's host calls answered: see `Answerer`. `cpu` stands still while a part of its own code is loaded. */
  serve(answer: Answer, onHosted?: HostedListener, cpu?: Pick<Stopwatch, 'pause'>): void {
    this.channel.answerer.serve(
      (request) => (isRareCodeRequest(request) ? this.#answerRareCode(cpu) : answer(request)),
      onHosted,
    );
  }

  #answerRareCode(cpu: Pick<Stopwatch, 'pause'> | undefined): Maybe<Reply> {
    const { rareCode } = this.#options;
    if (rareCode === undefined) return encodeRefusal(errno.ENOSYS);
    const resume = cpu?.pause();
    return rareCode.answer().finally(resume);
  }

  /** Instantiates the module, once, and enters that export: who asks again without one hears the same. */
  async start(entry?: string): Promise<Entered> {
    if (this.#started === undefined) {
      this.#started = this.#start(entry);
    } else if (entry !== undefined) {
      const { kind } = await this.#started;
      if (kind === 'returned') return this.control.enter(entry);
    }
    return this.#started;
  }

  async #start(entry: string | undefined): Promise<Entered> {
    const { initialize, depths, depthAtMost, platform, rareCode } = this.#options;
    const { mostDepth } = platform;
    const { end: channel, transfer: moved } = this.channel;
    const depth = depths?.get(channel.kind);
    const started = await this.#worker.start(
      this.#options,
      { rareCode: rareCode?.module, initialize, mostDepth, depth, depthAtMost, channel, entry },
      moved,
    );
    rareCode?.prepare();
    if (started.depth !== undefined) depths?.set(channel.kind, started.depth);
    return started;
  }

  /** The guest's memory, as the difference to the image. */
  async capture(): Promise<MemoryImage> {
    const { image, original } = await this.control.capture(this.#original);
    this.#original = original;
    return image;
  }

  /** What memories like this one are compared with, where one that has been is known. */
  get #original(): SharedArrayBuffer | undefined {
    const { image, originals } = this.#options;
    return originals?.get(image);
  }

  set #original(original: SharedArrayBuffer | undefined) {
    const { image, originals } = this.#options;
    if (original !== undefined) originals?.set(image, original);
  }

  /** How the guest was woken that waits here for its first program, if it was. */
  get woken(): string | undefined {
    return this.#woken;
  }

  /** Leaves a guest here that was woken so, and can still become another one by `restore`. */
  async leave(woken: string): Promise<void> {
    this.#original = await this.control.keepUndo(this.#original);
    this.#woken = woken;
  }

  end(): void {
    this.channel.answerer.close();
    this.#worker.end();
  }
}
