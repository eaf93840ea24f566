/**
 * Answers what one guest asks of its capabilities. A request is a list in the codec's form, and so is the answer:
 *
 *     [kind, subject, member, argument, dropped]        [true, value] or [false, code, message]
 *
 *     'call'      a method of a capability (by name) or of an object (by handle); the argument: its arguments
 *     'get' 'set' an attribute of an object; the argument: its arguments, none or one
 *     'can'       whether that would be allowed; the argument: 'call', 'get' or 'set'
 *     'describe'  what the subject has, the name of a capability, or what kinds there are
 *     'start'     as 'call', beside the guest: the value is a number
 *     'settle'    the subject: seconds; the member: numbers. Waits until one of these is over: the value has the
 *                 number and the answer of each that is
 *     'terminal'  the subject: what is asked of it (`terminal-device.ts`); the member: a list of arguments
 *
 * `dropped`: of each handle that the guest has let go of its id (u64) and how often it had arrived (u32).
 */
import { ValueError } from '../errors';
import { isLater, type Maybe } from '../protocol/maybe';
import { MAX_TRANSFER_BYTES } from '../protocol/numbers';
import type { Capability, ObjectKind } from './capability';
import { Catalogue, type Use } from './catalogue';
import { HandleTable, type Random } from './handle-table';
import { marshal } from './marshal';
import type { Access, Call } from './method';
import type { Policy } from './policy';
import { Refusal } from './refusal';
import { StartedCalls } from './started-calls';
import { type TerminalDevice, useTerminal } from './terminal-device';
import { unmarshal } from './unmarshal';
import type { GuestValue } from './value';
import type { ValueType } from './value-type';
import { Waiting } from './waiting';

export interface DeskOptions {
  /** By the names that the guest imports. */
  readonly capabilities: Readonly<Record<string, Capability>>;
  /** That signatures name, and that objects the page gives are of. */
  readonly kinds: readonly ObjectKind[];
  readonly actor: unknown;
  readonly policy: Policy | undefined;
  readonly random: Random;
  /** Where the guest's streams lead to one. */
  readonly terminal?: TerminalDevice | undefined;
  /** What stands for the run that is going on. */
  readonly run: () => object;
  /** The guest's clocks stand still until what it gives is called. */
  readonly pauseClocks: () => () => void;
  /** What the page did wrong. */
  readonly onFault: (fault: unknown) => void;
}

/** Of a refusal: a page's message may hold anything. */
const MAX_MESSAGE_CHARACTERS = 10_000;

export class Desk {
  /** What the guest is told at its start: the capabilities' names, and whether there are kinds of objects. */
  readonly offer: readonly [readonly string[], boolean];
  readonly #options: DeskOptions;
  readonly handles: HandleTable;
  readonly #catalogue: Catalogue;
  readonly #started = new StartedCalls();
  /** For the answer to what was asked last. */
  #waiting = new Waiting();

  constructor(options: DeskOptions) {
    this.#options = options;
    this.offer = [Object.keys(options.capabilities), options.kinds.length > 0];
    this.handles = new HandleTable(options.kinds, options.random, options.onFault);
    this.#catalogue = new Catalogue(options.capabilities, this.handles);
  }

  /** Never throws, and its promises never reject. Who asks has given up what was asked before. */
  answer(bytes: Uint8Array): Maybe<Uint8Array> {
    this.giveUp();
    return this.#answer(() => this.#handle(this.#decode(bytes)));
  }

  /** Calls back once, when a call is over that goes on beside the guest. */
  onSettled(listener: () => void): void {
    this.#started.onSettled(listener);
  }

  /** The guest waits for nothing any more: who does something for it is told so. */
  giveUp(): void {
    this.#waiting.end();
    this.#waiting = new Waiting();
  }

  /** The guest is over. */
  close(): void {
    this.#waiting.end();
    this.#started.close();
    this.handles.clear();
  }

  #answer(value: () => unknown): Maybe<Uint8Array> {
    try {
      const result = value();
      if (!isLater(result)) return this.#encode(result);
      return result.then(
        (later) => this.#encode(later),
        (error: unknown) => this.#refuse(error),
      );
    } catch (error) {
      return this.#refuse(error);
    }
  }

  #decode(bytes: Uint8Array): readonly unknown[] {
    let request: unknown;
    try {
      request = unmarshal(bytes, { objectOf: (id) => this.handles.held(id).object });
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      throw new Refusal('type', error.message);
    }
    if (Array.isArray(request)) return request;
    throw new Refusal('type', 'a request is a list');
  }

  #handle([kind, subject, member, argument, dropped]: readonly unknown[]): unknown {
    if (dropped instanceof Uint8Array) this.handles.release(dropped);
    const waiting = this.#waiting;
    switch (kind) {
      case 'call':
      case 'get':
      case 'set':
        return this.#use(kind, subject, member, argument, waiting);
      case 'can':
        return this.#can(subject, member, argument, waiting);
      case 'describe':
        return this.#catalogue.describe(subject);
      case 'start':
        return this.#started.start(async (own) =>
          this.#answer(() => this.#use('call', subject, member, argument, own)),
        );
      case 'settle':
        return this.#started.settle(subject, member, waiting);
      case 'terminal':
        return useTerminal(this.#options.terminal, subject, member);
      default:
        throw new Refusal('type', 'no such request');
    }
  }

  #use(access: Access, subject: unknown, name: unknown, given: unknown, waiting: Waiting): unknown {
    const use = this.#catalogue.find(subject, name, access);
    if (!Array.isArray(given)) throw new Refusal('type', 'arguments are a list');
    const call = this.#callOf(use, String(name), access, use.check(given), waiting);
    if (this.#options.policy === undefined) return this.#perform(use, call);
    const decision = this.#decide(call);
    if (!isLater(decision)) return this.#perform(use, call, decision);
    return decision.then((late) => {
      // It may have been revoked while somebody made up his mind.
      if (use.target !== undefined) this.handles.heldBy(use.target);
      return this.#perform(use, call, late);
    });
  }

  #callOf(
    { capability, target }: Use,
    member: string,
    access: Access,
    args: Call['args'],
    waiting: Waiting,
    isProbe = false,
  ): Call {
    const { actor, run, pauseClocks } = this.#options;
    return {
      ...{ capability, member, access, args, target, actor, run: run(), pauseClocks, isProbe },
      get signal() {
        return waiting.signal;
      },
    };
  }

  /** Where the policy takes its time, the guest's stands still. One that fails forbids. */
  #decide(call: Call): Maybe<unknown> {
    const { policy, pauseClocks, onFault } = this.#options;
    const forbid = (fault: unknown): string => {
      onFault(fault);
      return 'forbid';
    };
    try {
      const decision: unknown = policy?.(call);
      if (!isLater(decision)) return decision;
      const resume = pauseClocks();
      return decision.then((late) => late, forbid).finally(resume);
    } catch (fault) {
      return forbid(fault);
    }
  }

  #perform(use: Use, call: Call, decision: unknown = 'allow'): unknown {
    const what = `${call.capability}.${call.member}`;
    if (decision === 'unauthorized')
      throw new Refusal('unauthorized', `${what}: not you, or not now`);
    if (decision !== 'allow') throw new Refusal('forbidden', `${what} is forbidden`);
    const result = use.invoke(call);
    if (!isLater(result)) return this.#checked(use.returns, what, result);
    return result.then((late) => this.#checked(use.returns, what, late));
  }

  /** A function that gives nothing gives None. */
  #checked(returns: ValueType | undefined, what: string, result: unknown): unknown {
    const value = result ?? null;
    if (returns === undefined) return value;
    const accepted = returns.accept(value);
    if (accepted !== undefined) return accepted;
    throw new TypeError(`${what} gave what is no ${returns.text}, or was revoked`);
  }

  /** Whether it would be done, as far as that depends on who asks: nothing is done. */
  #can(subject: unknown, name: unknown, access: unknown, waiting: Waiting): unknown {
    if (access !== 'call' && access !== 'get' && access !== 'set') {
      throw new Refusal('type', 'access is call, get or set');
    }
    let use: Use;
    try {
      use = this.#catalogue.find(subject, name, access);
    } catch (error) {
      if (error instanceof Refusal && error.code === 'forbidden') return false;
      throw error;
    }
    if (this.#options.policy === undefined) return true;
    const decision = this.#decide(this.#callOf(use, String(name), access, [], waiting, true));
    if (!isLater(decision)) return decision === 'allow';
    return decision.then((late) => late === 'allow');
  }

  #encode(value: unknown): Uint8Array {
    try {
      const handleOf = (object: object) => this.handles.handleOf(object);
      const bytes = marshal([true, value as GuestValue], { handleOf });
      if (bytes.length <= MAX_TRANSFER_BYTES) return bytes;
      throw new Refusal('size', `it has ${bytes.length} bytes, ${MAX_TRANSFER_BYTES} may travel`);
    } catch (error) {
      return this.#refuse(error);
    }
  }

  #refuse(error: unknown): Uint8Array {
    const { code, message } = error instanceof Refusal ? error : this.#fault(error);
    return marshal([false, String(code), String(message).slice(0, MAX_MESSAGE_CHARACTERS)]);
  }

  #fault(error: unknown): Pick<Refusal, 'code' | 'message'> {
    this.#options.onFault(error);
    return { code: 'fault', message: 'the page could not do it' };
  }
}
