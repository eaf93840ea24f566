/**
 * What a run uses up, counted against what it may. The first limit that is reached is told to the guest,
 * which gets a grace to clean up; what still runs after that is overdue.
 */
import type { Progress } from '../protocol/control';
import type { Budget } from './limits';
import { Stopwatch } from './stopwatch';

export type BudgetName = keyof Budget;

export interface Allowance {
  readonly budget: Budget;
  /** 0: overdue at once. */
  readonly graceMs: number;
}

/** What has been used up of each budget. */
export type Used = Readonly<Record<BudgetName, number>>;

export const NOTHING_USED: Used = { wallMs: 0, cpuMs: 0, fuel: 0, outputBytes: 0, hostCalls: 0 };

export function addUsed(left: Used, right: Used): Used {
  return {
    wallMs: left.wallMs + right.wallMs,
    cpuMs: left.cpuMs + right.cpuMs,
    fuel: left.fuel + right.fuel,
    outputBytes: left.outputBytes + right.outputBytes,
    hostCalls: left.hostCalls + right.hostCalls,
  };
}

export interface WatchdogOptions {
  /** How far the guest is, as far as that is known. */
  readonly progress: () => Progress;
  /** The guest is to be told. */
  readonly onReached: (limit: BudgetName) => void;
  /** The guest has had its time to clean up. */
  readonly onOverdue: (limit: BudgetName) => void;
}

export class Watchdog {
  /** Real time of the run, waiting for the user left out. */
  readonly wall = new Stopwatch();
  /** The same without the host calls that took their time. */
  readonly cpu = new Stopwatch();
  readonly #options: WatchdogOptions;
  #allowance: Allowance | undefined;
  #run = {};
  #outputBytes = 0;
  #hostCalls = 0;
  #reached: BudgetName | undefined;
  #grace: ReturnType<typeof setTimeout> | undefined;

  constructor(options: WatchdogOptions) {
    this.#options = options;
  }

  /** What stands for the run that is going on, or for the last one. */
  get run(): object {
    return this.#run;
  }

  /** The limit that this run has reached. */
  get reached(): BudgetName | undefined {
    return this.#reached;
  }

  /** Of this run, or of the last one when none is going on. */
  get used(): Used {
    return {
      wallMs: this.wall.elapsedMs,
      cpuMs: this.cpu.elapsedMs,
      fuel: this.#options.progress().fuel,
      outputBytes: this.#outputBytes,
      hostCalls: this.#hostCalls,
    };
  }

  start(allowance: Allowance): void {
    this.stop();
    this.#allowance = allowance;
    this.#run = {};
    this.#outputBytes = 0;
    this.#hostCalls = 0;
    this.#reached = undefined;
    this.wall.start(allowance.budget.wallMs, () => this.reach('wallMs'));
    this.cpu.start(allowance.budget.cpuMs, () => this.reach('cpuMs'));
  }

  stop(): void {
    clearTimeout(this.#grace);
    this.wall.stop();
    this.cpu.stop();
    this.#allowance = undefined;
  }

  /** The first limit of a run counts; what is reached while the guest cleans up does not. */
  reach(limit: BudgetName): void {
    if (this.#allowance === undefined || this.#reached !== undefined) return;
    const { graceMs } = this.#allowance;
    this.#reached = limit;
    if (graceMs === 0) return this.#options.onOverdue(limit);
    this.#grace = setTimeout(() => this.#options.onOverdue(limit), graceMs);
    this.#options.onReached(limit);
  }

  countHostCall(): void {
    this.#hostCalls++;
    if (this.#hostCalls > this.#most('hostCalls')) this.reach('hostCalls');
  }

  /** How much of so many bytes may come out. Less than all: the limit is reached. */
  takeOutput(bytes: number): number {
    const room = Math.min(bytes, Math.max(0, this.#most('outputBytes') - this.#outputBytes));
    this.#outputBytes += room;
    return room;
  }

  #most(limit: BudgetName): number {
    return this.#allowance?.budget[limit] ?? Number.POSITIVE_INFINITY;
  }
}
