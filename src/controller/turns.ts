/** Enters a sandbox's guest, within what is left of its limits, and keeps the books on it. */
import { nameOfActor } from '../capability/method';
import type { MemoryImage } from '../protocol/memory-image';
import { type Account, createAccount } from './account';
import { Background } from './background';
import { CallLog } from './call-log';
import { measure, outcomeOfEnd, outcomeOfLimit, outcomeOfResult } from './ending';
import { giveRequest, takeResult } from './interpreter';
import { type Cause, Ledger } from './ledger';
import type { Budget, Limits } from './limits';
import type { Outcome } from './outcome';
import type { SandboxOptions } from './sandbox-options';
import type { Session, SessionEnd } from './session';
import type { EntryName } from './trace-entry';
import type { TurnRequest, TurnResult, Waits } from './turn';
import { NOTHING_USED } from './watchdog';

export interface TakeOptions {
  readonly narrower?: Partial<Budget> | undefined;
  /** While it waited for its turn. Default false. */
  readonly wasInterrupted?: boolean | undefined;
}

export interface TurnTaken {
  readonly outcome: Outcome;
  /** In the codec's form, where that was asked for. */
  readonly value?: Uint8Array | undefined;
}

export interface EntryTaken {
  readonly end: SessionEnd;
  /** Makes an outcome of how it went. */
  readonly conclude: (how: TurnResult | Exclude<SessionEnd, { kind: 'returned' }>) => Outcome;
}

export class Turns {
  readonly ledger: Ledger;
  readonly account: Account | undefined;
  readonly #background: Background;
  /** Of the guest that there is now. */
  #log: CallLog;
  #session: Session | undefined;

  /** `advance`: lets the guest do what is due of what it left to be done, when nothing else is going on. */
  constructor(limits: Limits, { account, actor }: SandboxOptions, advance: () => void) {
    this.ledger = new Ledger(limits);
    this.account = createAccount(account, nameOfActor(actor));
    this.#log = new CallLog(this.account);
    this.#background = new Background({
      advance,
      onSettled: (listener) => this.#session?.context.desk.onSettled(listener),
    });
  }

  /** Of the host calls of the guest that there is now. */
  get log(): CallLog {
    return this.#log;
  }

  /** A new guest is about to start: its log. */
  begin(): CallLog {
    this.#log = new CallLog(this.account);
    this.account?.begin(false);
    return this.#log;
  }

  /** The new guest is there, and waits for this. */
  follow(session: Session, waits: Waits | undefined): void {
    this.#session = session;
    this.#background.plan(waits);
  }

  /** Nothing goes on by itself any more. */
  stop(): void {
    this.#background.clear();
  }

  close(): void {
    this.stop();
    this.account?.close();
  }

  /** Throws `ValueError` for a request that can't be given to a guest, `StartError` where it can't be woken for that. */
  async take(
    session: Session,
    request: TurnRequest,
    cause: Cause,
    { narrower, wasInterrupted = false }: TakeOptions = {},
  ): Promise<TurnTaken> {
    const spent = this.ledger.spent(cause);
    if (spent !== undefined) {
      const measures = { ...NOTHING_USED, heapBytes: session.progress.heapBytes, alive: true };
      return { outcome: outcomeOfLimit(measures, spent.limit, spent.scope) };
    }
    if (session.asleep) await session.wake();
    giveRequest(session, request);
    this.#background.clear();
    // An interrupt that came too late for one run must not hit the next, entering clears it: but for this run's own.
    if (wasInterrupted) session.interruptNext();
    const { end, conclude } = await this.enter(session, 'glovebox_turn', cause, narrower);
    const result = takeResult(session, end);
    if (end.kind !== 'returned') return { outcome: conclude(end) };
    if (result === undefined) {
      session.terminate('crashed');
      const message = 'the interpreter gave no answer';
      return { outcome: { ...measure(session), status: 'trap', message } };
    }
    this.#background.plan(result.waits);
    const value = result.status === 'ok' ? result.value : undefined;
    return { outcome: conclude(result), value };
  }

  async enter(
    session: Session,
    entry: EntryName,
    cause: Cause,
    narrower?: Partial<Budget>,
  ): Promise<EntryTaken> {
    if (session.asleep) await session.wake();
    const allowance = this.ledger.allowance(cause, narrower);
    const { recorder } = this.#log;
    this.account?.begin(true);
    recorder?.begin(entry, session.context.turn.request, allowance.budget.fuel);
    const end = await session.enter(entry, allowance);
    this.ledger.add(session.watchdog.used, cause);
    const { reached } = session.watchdog;
    recorder?.end(end, reached);
    const conclude: EntryTaken['conclude'] = (how) => {
      if ('kind' in how) return outcomeOfEnd(session, how, allowance.scopeOf);
      const measures = measure(session);
      if (reached === undefined) return outcomeOfResult(how, measures);
      const error = 'error' in how ? how.error : undefined;
      return outcomeOfLimit(measures, reached, allowance.scopeOf(reached), error);
    };
    return { end, conclude };
  }

  capture(session: Session): Promise<MemoryImage> {
    return this.#settling(session, () => session.capture());
  }

  sleep(session: Session): Promise<void> {
    return this.#settling(session, () => session.sleep());
  }

  /** Moves what the guest has freed, unless it sleeps: an entry of its own to who records it. */
  async #settling<T>(session: Session, task: () => Promise<T>): Promise<T> {
    if (session.asleep) return task();
    const { recorder } = this.#log;
    recorder?.begin('glovebox_settle', new Uint8Array(0), Number.POSITIVE_INFINITY);
    const result = await task();
    recorder?.end({ kind: 'returned', status: 0, ...session.progress }, undefined);
    return result;
  }
}
