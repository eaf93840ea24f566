/**
 * The functions that stand for a guest's imports: each marshals its arguments, asks the channel,
 * and copies the answer to where the guest wants it. No policy here, and no names of files: what
 * a stub may do is said by the shape of its call in the host-call table.
 */
import type { Caller } from '../channel/channel';
import { errno } from '../protocol/errno';
import { RequestWriter } from '../protocol/frame';
import { andThen, drive, isLater, type Maybe, type Steps, settle } from '../protocol/maybe';
import { MAX_SUBSCRIPTIONS, MAX_TRANSFER_BYTES, MAX_VECTORS } from '../protocol/numbers';
import { isRareCode } from '../protocol/rare-code';
import { EVENT_BYTES, SUBSCRIPTION_BYTES } from '../protocol/records';
import { isStopCheck } from '../protocol/stop-check';
import {
  type ArgumentKind,
  type CallShape,
  findHostCall,
  type HostCallName,
  hostCallNames,
  hostCalls,
  type ResultKind,
} from '../protocol/table';
import type { FuelGauge } from './fuel';
import { BadPointer, type GuestMemory, type GuestRange } from './guest-memory';
import { type Destination, deliver, fits, resultRanges } from './results';
import type { SignalDesk } from './signal-desk';

export type WasmValue = number | bigint;

/** An errno; later where the channel answers later. */
export type Stub = (...values: WasmValue[]) => Maybe<number>;

/** Leaves the guest for good: thrown through its frames by `proc_exit`. */
export class GuestExit extends Error {
  override readonly name = 'GuestExit';
  readonly code: number;

  constructor(code: number) {
    super(`exit ${code}`);
    this.code = code;
  }
}

/** Thrown by a stub for arguments that no host call could have: answered with the errno. */
class BadArgument extends Error {
  override readonly name = 'BadArgument';
  readonly errno: number;

  constructor(number: number) {
    super();
    this.errno = number;
  }
}

/** As a stub, but for what it throws. */
type Call = (values: readonly WasmValue[]) => Maybe<number>;

/** What the stubs of one guest have in common. */
export interface StubParts {
  /** These two are known only after the instance is made, hence functions. */
  readonly memory: () => GuestMemory;
  readonly caller: () => Caller;
  readonly fuel: FuelGauge;
  readonly signals: SignalDesk;
}

export interface ImportParts extends StubParts {
  readonly loadRareCode: Stub;
}

export function createStub(name: HostCallName, parts: StubParts): Stub {
  const remote = createCall(name, parts);
  const call = name === 'poll' ? pollCall(parts, remote) : remote;
  return (...values) => {
    try {
      const answer = call(values);
      return isLater(answer) ? answer.catch(errnoOf) : answer;
    } catch (error) {
      return errnoOf(error);
    }
  };
}

function errnoOf(error: unknown): number {
  if (error instanceof BadPointer) return errno.EFAULT;
  if (error instanceof BadArgument) return error.errno;
  throw error;
}

function createCall(name: HostCallName, { memory, caller, signals }: StubParts): Call {
  const { args, result }: CallShape = hostCalls[name];
  const number = hostCallNames.indexOf(name);
  const kinds = Object.values(args);
  const writer = new RequestWriter();

  const callOnce: Call = (values) => {
    const guest = memory();
    const marshalled = marshalArguments(guest, kinds, values, writer, number);
    const results = resultRanges(guest, result, values, marshalled.taken);
    signals.countCall();
    return andThen(caller().call(writer.finish()), (reply) => {
      if (reply.errno !== 0) return reply.errno;
      // The controller is ours, but nothing is written where the guest did not ask for it.
      if (!fits(result, marshalled.destination, reply.payload.length)) return errno.EIO;
      deliver(guest, result, marshalled.destination, results, reply);
      return 0;
    });
  };
  if (name === 'proc_exit') {
    return (values) =>
      andThen(callOnce(values), () => {
        throw new GuestExit(Number(values[0]) >>> 0);
      });
  }
  return isUncounted(args, result) ? inPieces(callOnce, memory) : callOnce;
}

/** Whether the guest is not told how much of its memory was filled or taken. */
function isUncounted(args: CallShape['args'], result: ResultKind): boolean {
  return result === 'filled' || (result === 'none' && Object.values(args).includes('bytes'));
}

/**
 * For calls that don't tell the guest how much of its memory was filled or taken: where that is
 * more than a transfer moves, several do it. Its pointer and length are the last arguments.
 */
function inPieces(callOnce: Call, memory: () => GuestMemory): Call {
  const steps = function* (values: readonly WasmValue[]): Steps<number> {
    const others = values.slice(0, -2);
    const [pointer, length] = values.slice(-2);
    const whole = memory().range(Number(pointer), Number(length));
    let done = 0;
    do {
      const piece = Math.min(whole.length - done, MAX_TRANSFER_BYTES);
      const answer = yield* settle(callOnce([...others, whole.start + done, piece]));
      if (answer !== 0) return answer;
      done += piece;
    } while (done < whole.length);
    return 0;
  };
  return (values) => drive(steps(values));
}

function pollCall({ memory, caller, fuel, signals }: StubParts, tellController: Call): Call {
  return (values) => {
    const guest = memory();
    const taken = guest.range(Number(values[1]), 4);
    const grant = guest.range(Number(values[2]), 4);
    const ranOut = fuel.burn(Number(values[0]) >>> 0);
    const answer = (): number => {
      guest.setU32(taken, signals.take(caller(), fuel.burnt));
      guest.setU32(grant, Math.min(fuel.grant, signals.stepsLeft(fuel.burnt)));
      return 0;
    };
    const breath = caller().report({ fuel: fuel.burnt, heapBytes: guest.byteLength });
    if (breath === undefined && !ranOut) return answer();
    // Its answer are the signals that it sends before it answers.
    const told = andThen(breath, () => (ranOut ? tellController(values) : 0));
    return andThen(told, answer);
  };
}

interface Marshalled {
  /** How many wasm parameters the arguments took. */
  readonly taken: number;
  readonly destination: Destination | undefined;
}

function marshalArguments(
  guest: GuestMemory,
  kinds: readonly ArgumentKind[],
  values: readonly WasmValue[],
  writer: RequestWriter,
  number: number,
): Marshalled {
  let taken = 0;
  let destination: Destination | undefined;
  const next = (): number => Number(values[taken++]);
  writer.begin(number);
  for (const kind of kinds) {
    switch (kind) {
      case 'fd':
      case 'u32':
        writer.u32(next() >>> 0);
        break;
      case 'u16':
        writer.u32(next() & 0xffff);
        break;
      case 'u8':
        writer.u32(next() & 0xff);
        break;
      case 'u64':
      case 's64':
        writer.u64(BigInt(values[taken++] ?? 0));
        break;
      case 'path':
      case 'bytes': {
        const range = guest.range(next(), next());
        if (range.length > MAX_TRANSFER_BYTES) throw new BadArgument(errno.ENAMETOOLONG);
        writer.bytes(guest.bytes(range));
        break;
      }
      case 'gather': {
        const ranges = vectors(guest, next(), next());
        writer.u32(totalBytes(ranges));
        for (const range of ranges) writer.append(guest.bytes(range));
        break;
      }
      case 'scatter': {
        const ranges = vectors(guest, next(), next());
        const room = totalBytes(ranges);
        destination = { kind: 'ranges', ranges, room };
        writer.u32(room);
        break;
      }
      case 'buffer': {
        const range = guest.range(next(), next());
        destination = { kind: 'ranges', ranges: [range], room: range.length };
        writer.u32(range.length);
        break;
      }
      case 'subscriptions': {
        const from = next();
        const to = next();
        const count = next() >>> 0;
        if (count > MAX_SUBSCRIPTIONS) throw new BadArgument(errno.EINVAL);
        const range = guest.range(from, count * SUBSCRIPTION_BYTES);
        const events = guest.range(to, count * EVENT_BYTES);
        destination = { kind: 'ranges', ranges: [events], room: events.length };
        writer.u32(count);
        writer.append(guest.bytes(range));
        break;
      }
      case 'strings':
        // Their ranges are known only with the answer, and checked then.
        destination = { kind: 'strings', pointers: next(), text: next() };
        break;
    }
  }
  return { taken, destination };
}

/** The buffers of an iovec array, cut off where the transfer limit is reached. */
function vectors(guest: GuestMemory, pointer: number, count: number): GuestRange[] {
  if (count >>> 0 > MAX_VECTORS) throw new BadArgument(errno.EINVAL);
  const array = guest.range(pointer, (count >>> 0) * 8);
  const ranges: GuestRange[] = [];
  let room = MAX_TRANSFER_BYTES;
  for (let offset = 0; offset < array.length; offset += 8) {
    const range = guest.range(guest.u32(array, offset), guest.u32(array, offset + 4));
    const length = Math.min(range.length, room);
    if (length > 0) ranges.push({ start: range.start, length });
    room -= length;
  }
  return ranges;
}

function totalBytes(ranges: readonly GuestRange[]): number {
  return ranges.reduce((bytes, range) => bytes + range.length, 0);
}

/** The stubs for exactly the imports that a module has. */
export function createImports(
  module: WebAssembly.Module,
  parts: ImportParts,
): Record<string, Record<string, Stub>> {
  const imports: Record<string, Record<string, Stub>> = {};
  for (const wanted of WebAssembly.Module.imports(module)) {
    if (wanted.kind !== 'function') continue;
    imports[wanted.module] = {
      ...imports[wanted.module],
      [wanted.name]: importOf(wanted, parts),
    };
  }
  return imports;
}

function importOf(wanted: WebAssembly.ModuleImportDescriptor, parts: ImportParts): Stub {
  if (isStopCheck(wanted)) return checkForStop;
  if (isRareCode(wanted)) return parts.loadRareCode;
  const name = findHostCall(wanted.module, wanted.name);
  if (name === undefined) throw new Error(`no host call ${wanted.module}.${wanted.name}`);
  return createStub(name, parts);
}

/** Calls a function of the engine's that could throw: there a terminated worker ends in WebKit. */
const checkForStop: Stub = () => {
  performance.now();
  return 0;
};
