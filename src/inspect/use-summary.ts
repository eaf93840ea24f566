/** How a program uses its capabilities: how often each, and what was refused. */
import type { AccountedCall } from '../controller/accounted-call';
import { capabilityUse } from '../controller/capability-use';
import { shownLine } from '../terminal/shown-text';

export interface UseCount {
  /** `world.damage`. */
  readonly what: string;
  readonly uses: number;
  readonly refused: number;
  /** Code of the last refusal, if there was one. */
  readonly lastRefusal: string | undefined;
  /** Who acted last, where the sandbox has an actor. */
  readonly caller: string | undefined;
}

/** A hostile guest may use any names: the rest is counted together. */
const MOST_NAMES = 200;
const OTHERS = 'others';
const MOST_TEXT = 80;

export class UseSummary {
  readonly #counts = new Map<string, UseCount>();

  /** The most used first. */
  get counts(): readonly UseCount[] {
    return [...this.#counts.values()].sort((a, b) => b.uses - a.uses);
  }

  clear(): void {
    this.#counts.clear();
  }

  add(call: AccountedCall): void {
    if (call.name !== 'capability_call') return;
    const use = capabilityUse(call);
    const name = use === undefined ? 'unreadable' : nameOf(use.subject, use.member);
    const key = this.#counts.has(name) || this.#counts.size < MOST_NAMES ? name : OTHERS;
    const before = this.#counts.get(key);
    const refusal = use?.refusal === undefined ? undefined : shownLine(use.refusal.code, MOST_TEXT);
    this.#counts.set(key, {
      what: key,
      uses: (before?.uses ?? 0) + 1,
      refused: (before?.refused ?? 0) + (refusal === undefined ? 0 : 1),
      lastRefusal: refusal ?? before?.lastRefusal,
      caller: call.caller,
    });
  }
}

function nameOf(subject: string, member: string): string {
  return shownLine(member === '' ? subject : `${subject}.${member}`, MOST_TEXT);
}
