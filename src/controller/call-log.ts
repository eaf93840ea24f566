/** Where the calls of one guest are written down: in its sandbox's account, and in a recording while there is one. */
import type { HostedListener } from '../channel/channel';
import type { Reply, Request } from '../protocol/frame';
import { type HostCallName, type HostCallResult, hostCallNames } from '../protocol/table';
import type { Account } from './account';
import type { OutputListener } from './output';
import type { Recorder } from './recorder';

export class CallLog {
  readonly #account: Account | undefined;
  recorder: Recorder | undefined;

  constructor(account: Account | undefined) {
    this.#account = account;
  }

  /**
   * A call that was answered, later than at once or not. `request`: none where its frame could not be read.
   */
  add(
    frame: Uint8Array,
    request: Request | undefined,
    reply: Reply,
    result: HostCallResult<HostCallName> | undefined,
    isLate: boolean,
  ): void {
    this.recorder?.add(frame, reply);
    if (this.#account === undefined) return;
    const name = request?.name ?? nameOf(frame);
    if (name !== undefined) this.#account.add(name, request?.args, reply.errno, result, isLate);
  }

  /** How long the guest waited since a call came, whose answer is there or is still to come. */
  readonly onHosted: HostedListener = (durationMs, askedAt) => {
    if (askedAt !== undefined) this.#account?.time(durationMs, askedAt);
  };

  /** A listener that gives a recording to know which writes are output. */
  listen(onOutput: OutputListener | undefined): OutputListener {
    return (bytes, stream) => {
      this.recorder?.output(bytes, stream);
      return onOutput?.(bytes, stream);
    };
  }
}

function nameOf(frame: Uint8Array): HostCallName | undefined {
  return hostCallNames[(frame[0] ?? 0) | ((frame[1] ?? 0) << 8)];
}
