/** From a frame to its handler and back. Nothing but an errno of a failure reaches the guest. */
import { type Errno, errno, FileError, SUCCESS } from '../protocol/errno';
import {
  encodeRefusal,
  type Reply,
  ReplyWriter,
  type Request,
  RequestReader,
} from '../protocol/frame';
import { isLater, type Maybe } from '../protocol/maybe';
import type { HostCallName, HostCallResult } from '../protocol/table';
import type { CallLog } from './call-log';
import type { Handler, Handlers } from './host-calls/context';
import type { Watchdog } from './watchdog';

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
  readonly log?: CallLog | undefined;
  /** Counts the calls; its CPU clock stands still while an answer is to come later. */
  readonly watchdog: Watchdog;
  /** A fault of ours, or of a volume or callback of the page: the guest only sees EIO. */
  readonly onFault: (fault: unknown) => void;
}

/** What it gives never throws, and its promises never reject: a guest waits for each answer. */
export function createDispatcher(
  options: DispatcherOptions,
): (request: Uint8Array) => Maybe<Reply> {
  const { handlers, onHostCall, log, watchdog } = options;
  const reader = new RequestReader();
  const writer = new ReplyWriter();

  const tellFault = (fault: unknown): void => {
    try {
      options.onFault(fault);
    } catch {
      // Whom else could one tell?
    }
  };
  const report = (
    request: Request,
    number: Errno,
    result: HostCallResult<HostCallName> | undefined,
  ): void => {
    if (onHostCall === undefined) return;
    try {
      onHostCall({ ...request, errno: number, result });
    } catch (error) {
      tellFault(error);
    }
  };

  const succeed = (
    frame: Uint8Array,
    request: Request,
    result: HostCallResult<HostCallName>,
    isLate = false,
  ): Reply => {
    // First, as a volume of the page's may have given what is no result at all.
    const reply = writer.write(request.name, result);
    log?.add(frame, request, reply, result, isLate);
    report(request, SUCCESS, result);
    return reply;
  };
  const fail = (
    frame: Uint8Array,
    request: Request | undefined,
    error: unknown,
    isLate = false,
  ): Reply => {
    const number = error instanceof FileError ? error.errno : errno.EIO;
    if (!(error instanceof FileError)) tellFault(error);
    const reply = encodeRefusal(number);
    log?.add(frame, request, reply, undefined, isLate);
    if (request !== undefined) report(request, number, undefined);
    return reply;
  };

  return (frame) => {
    watchdog.countHostCall();
    let request: Request | undefined;
    try {
      request = reader.read(frame);
      const { name, args } = request;
      const result = (handlers[name] as Handler<HostCallName>)(args);
      if (!isLater(result)) return succeed(frame, request, result);
      const asked = request;
      const resume = watchdog.cpu.pause();
      return result
        .then((value) => succeed(frame, asked, value, true))
        .catch((error: unknown) => fail(frame, asked, error, true))
        .finally(resume);
    } catch (error) {
      return fail(frame, request, error);
    }
  };
}
