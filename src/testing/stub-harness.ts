/** For tests: the worker's stubs over a memory that is there to be looked at, without a module. */
import { LoopbackChannel } from '../channel/loopback';
import { errnoName, FileError } from '../protocol/errno';
import {
  encodeRefusal,
  type Reply,
  ReplyWriter,
  type Request,
  RequestReader,
} from '../protocol/frame';
import { isLater } from '../protocol/maybe';
import type { HostCallName, HostCallResult } from '../protocol/table';
import { FuelGauge } from '../worker/fuel';
import { GuestMemory } from '../worker/guest-memory';
import { SignalDesk } from '../worker/signal-desk';
import { createStub, type WasmValue } from '../worker/stubs';

export const PAGE = 65_536;
/** Of a guest's memory as it is made. */
export const SIZE = 2 * PAGE;

/** A guest of two pages and the requests that its stubs made. */
export class StubHarness {
  readonly memory: WebAssembly.Memory;
  readonly requests: Request[] = [];
  readonly channel = new LoopbackChannel();
  readonly fuel = new FuelGauge();
  readonly signals = new SignalDesk();
  readonly #guestMemory: GuestMemory;
  answer: (request: Request) => Reply = () => encodeRefusal(0);

  constructor(pages = 2) {
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: 64 });
    this.#guestMemory = new GuestMemory(this.memory);
    const reader = new RequestReader();
    this.channel.serve((frame) => {
      try {
        const request = reader.read(frame);
        this.requests.push(request);
        return this.answer(request);
      } catch (error) {
        if (error instanceof FileError) return encodeRefusal(error.errno);
        throw error;
      }
    });
  }

  call(name: HostCallName, ...values: WasmValue[]): string {
    const answer = createStub(name, {
      memory: () => this.#guestMemory,
      caller: () => this.channel,
      fuel: this.fuel,
      signals: this.signals,
    })(...values);
    // Over the loopback channel every answer is there at once.
    return isLater(answer) ? 'later' : errnoName(answer);
  }

  replies<Name extends HostCallName>(name: Name, result: HostCallResult<Name>): void {
    this.answer = () => new ReplyWriter().write(name, result);
  }

  get bytes(): Uint8Array {
    return new Uint8Array(this.memory.buffer);
  }

  get view(): DataView {
    return new DataView(this.memory.buffer);
  }

  put(at: number, text: string): void {
    this.bytes.set(new TextEncoder().encode(text), at);
  }

  text(at: number, length: number): string {
    return new TextDecoder().decode(this.bytes.slice(at, at + length));
  }

  /** An array of buffers at `at`. */
  vectors(at: number, ...buffers: readonly (readonly [number, number])[]): void {
    for (const [index, [pointer, length]] of buffers.entries()) {
      this.view.setUint32(at + index * 8, pointer, true);
      this.view.setUint32(at + index * 8 + 4, length, true);
    }
  }

  get args(): unknown {
    return this.requests.at(-1)?.args;
  }
}
