/** A sandbox whose output is kept, and where tests get theirs from. */
import {
  type Outcome,
  type PythonGuest,
  type RunOptions,
  Sandbox,
  type SandboxOptions,
} from '../../src/index';
import { ClaimError } from './claims';

export function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}

export class Python {
  readonly sandbox: Sandbox;
  readonly #streams: { text: string };

  private constructor(sandbox: Sandbox, streams: { text: string }) {
    this.sandbox = sandbox;
    this.#streams = streams;
  }

  static async open(guest: PythonGuest, options: Partial<SandboxOptions> = {}): Promise<Python> {
    const streams = { text: '' };
    const decoder = new TextDecoder();
    const sandbox = await Sandbox.create({
      guest,
      onOutput: (bytes) => {
        streams.text += decoder.decode(bytes, { stream: true });
      },
      ...options,
    });
    return new Python(sandbox, streams);
  }

  /** Both streams, since the last `forget`. */
  get output(): string {
    return this.#streams.text;
  }

  forget(): void {
    this.#streams.text = '';
  }

  run(source: string, options?: RunOptions): Promise<Outcome> {
    return this.sandbox.run(source, options);
  }

  /** What a program prints that ends well. */
  async printed(source: string): Promise<string> {
    const before = this.output.length;
    const outcome = await this.run(source);
    const text = this.output.slice(before);
    if (outcome.status !== 'ok') throw new ClaimError(`${JSON.stringify(outcome)}\n${text}`);
    return text;
  }

  /** Waits until the output holds the text. */
  async shows(text: string, timeoutMs = 10_000): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (!this.output.includes(text)) {
      if (performance.now() > deadline) throw new ClaimError(`${text} was never printed`);
      await pause(1);
    }
  }

  /** Runs a program that prints `going` in front of what it goes on with; gives its end. */
  async going(source: string): Promise<{ readonly end: Promise<Outcome> }> {
    this.forget();
    const end = this.run(source);
    await this.shows('going');
    return { end };
  }
}

/** What a fresh guest computes and asks for, and what Chromium and Firefox take for it on two slow cores. */
const SAMPLE =
  'import time, traceback\nfor n in range(200_000): n * n\nfor _ in range(1000): time.time()';
const USUAL_SAMPLE_MS = 250;
const SLOWEST = 12;

/** What a test is given. */
export class Workshop {
  readonly guest: PythonGuest;
  readonly #opened: Python[] = [];
  #shared: Python | undefined;
  #slowness: Promise<number> | undefined;

  constructor(guest: PythonGuest) {
    this.guest = guest;
  }

  /** One of its own, disposed of after the test. */
  async open(options?: Partial<SandboxOptions>): Promise<Python> {
    const python = await Python.open(this.guest, options);
    this.#opened.push(python);
    return python;
  }

  /** The one of all tests that leave it as it was: alive, with nothing running. */
  async shared(): Promise<Python> {
    if (this.#shared?.sandbox.alive !== true || this.#shared.sandbox.running) {
      this.#shared?.sandbox.dispose();
      this.#shared = await Python.open(this.guest);
    }
    this.#shared.forget();
    return this.#shared;
  }

  /**
   * How many times as long as usual this engine takes, at least 1: WebKitGTK interprets most of what a
   * guest does in its first seconds, Firefox takes a millisecond for a call while it suspends guests. What a
   * program gets to do within a limit depends on it.
   */
  slowness(): Promise<number> {
    this.#slowness ??= this.#measureSlowness();
    return this.#slowness;
  }

  async #measureSlowness(): Promise<number> {
    const { sandbox } = await this.open();
    const startedAt = performance.now();
    await sandbox.run(SAMPLE);
    const sampleMs = performance.now() - startedAt;
    sandbox.dispose();
    return Math.min(Math.ceil(sampleMs / USUAL_SAMPLE_MS), SLOWEST);
  }

  tidy(): void {
    for (const { sandbox } of this.#opened.splice(0)) sandbox.dispose();
  }

  close(): void {
    this.tidy();
    this.#shared?.sandbox.dispose();
  }
}
