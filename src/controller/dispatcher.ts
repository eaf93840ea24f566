/** From a frame to its handler and back. Nothing but an errno of a failure reaches the guest. */
import { type Errno, errno, FileError, SUCCESS } from '../protocol/errno';
import { encodeRefusal, encodeReply, type Request, RequestReader } from '../protocol/frame';
import { isLater, type Maybe } from '../protocol/maybe';
import type { HostCallName, HostCallResult } from '../protocol/table';
import type { Handler, Handlers } from './host-calls/context';
import type { Stopwatch } from './stopwatch';

/** One host call as it happened. */
export interface HostCall {
  readonly name: HostCallName;
  readonly args: Request['args'];
  /** 0 where it succeeded. */
  readonly errno: number;
  readonly result: HostCallResult<HostCallName> | undefined;
}

export interface DispatcherOptions {
  readonly handlers: Handlers;
  /** Sees each call after it was answered. Bytes in it are valid until it returns. */
  readonly onHostCall?: ((call: HostCall) => void) | undefined;
  /** The guest's CPU clock stands still while an answer takes its time. */
  readonly cpu: Stopwatch;
  /** A fault of ours, or of a volume or callback of the page: the guest only sees EIO. */
  readonly onFault: (fault: unknown) => void;
}

export function createDispatcher(
  options: DispatcherOptions,
): (request: Uint8Array) => Maybe<Uint8Array> {
  const { handlers, onFault } = options;
  const reader = new RequestReader();

  const report = (call: HostCall): void => {
    try {
      options.onHostCall?.(call);
    } catch (error) {
      onFault(error);
    }
  };

  const succeed = (request: Request, result: HostCallResult<HostCallName>): Uint8Array => {
    report({ ...request, errno: SUCCESS, result });
    return encodeReply(request.name, result);
  };
  const fail = (request: Request | undefined, error: unknown): Uint8Array => {
    const number = refusal(error, onFault);
    if (request !== undefined) report({ ...request, errno: number, result: undefined });
    return encodeRefusal(number);
  };

  return (frame) => {
    let request: Request | undefined;
    try {
      request = reader.read(frame);
      const { name, args } = request;
      if (name === 'poll') throw new FileError('ENOSYS', 'answered beside the guest');
      const result = (handlers[name] as Handler<HostCallName>)(args);
      if (!isLater(result)) return succeed(request, result);
      const asked = request;
      const resume = options.cpu.pause();
      return result
        .then(
          (value) => succeed(asked, value),
          (error: unknown) => fail(asked, error),
        )
        .finally(resume);
    } catch (error) {
      return fail(request, error);
    }
  };
}

function refusal(error: unknown, onFault: (fault: unknown) => void): Errno {
  if (error instanceof FileError) return error.errno;
  onFault(error);
  return errno.EIO;
}
