/** What an error is explained with. */
import type { GuestError } from '../controller/outcome';

/** A line of the program, and the part of it that Python points at. */
export interface Place {
  /** From 1. */
  readonly line: number;
  readonly text: string;
  /** UTF-16 units within `text`; the same twice: Python points at no part of it. */
  readonly from: number;
  readonly to: number;
}

export interface Explanation {
  /** What happened, in a few words. */
  readonly title: string;
  /** Python's own words, its suggestion included: `NameError: name 'pritn' is not defined. Did you mean: 'print'?` */
  readonly told: string;
  readonly meaning: string;
  /** What to do, the likeliest first. Where Python suggests something, nothing else is. */
  readonly tries: readonly string[];
  readonly place: Place | undefined;
}

/** What a rule says; text between backquotes is code. */
export interface Advice {
  readonly title: string;
  readonly meaning: string;
  readonly tries: readonly string[];
}

/** What the rules are asked about. */
export interface Problem {
  readonly error: GuestError;
  /** Without the place that Python adds for a syntax error. */
  readonly message: string;
  readonly place: Place | undefined;
}

/** One kind of message, and what to say of it. Rules are tried in their order. */
export interface Rule {
  readonly message: RegExp;
  readonly advise: (found: Found, problem: Problem) => Advice | undefined;
}

/** The groups of a rule's pattern, by number; empty for one that took no part. */
export type Found = (group: number) => string;

export function firstAdvice(rules: readonly Rule[], problem: Problem): Advice | undefined {
  for (const { message, advise } of rules) {
    const match = message.exec(problem.message);
    if (match === null) continue;
    const advice = advise((group) => match[group] ?? '', problem);
    if (advice !== undefined) return advice;
  }
  return undefined;
}
