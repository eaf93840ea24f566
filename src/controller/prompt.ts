/** The interactive prompt of a guest: its line editor, which gets keys in turns, and what was typed, which is run. */
import { unmarshal } from '../capability/unmarshal';
import type { GuestValue } from '../capability/value';
import type { Outcome } from './outcome';
import type { TurnRequest } from './turn';
import type { TurnTaken } from './turns';

export interface PromptKeys {
  /** As a terminal sends them: text and sequences. None: the prompt is just to be shown. */
  readonly keys: string;
  /** Whether what Python says at its start comes first. Default false. */
  readonly banner?: boolean;
  /** Whether the prompt is not on the screen any more, and is to be drawn where the cursor is. Default false. */
  readonly redraw?: boolean;
  readonly columns: number;
  readonly rows: number;
}

/** What came of keys. `rest`: those that are left, as they are for what comes next. */
export type PromptAnswer =
  /** `row`: where the cursor is, counted from the first row of the prompt. */
  | { readonly kind: 'editing'; readonly row: number }
  | { readonly kind: 'run'; readonly statement: Statement; readonly rest: string }
  /** Ctrl-D. */
  | { readonly kind: 'end'; readonly rest: string };

export interface Statement {
  readonly source: string;
  /** One of the prompt's own, such as `exit`, `help` or the list of what was typed. */
  readonly isCommand: boolean;
}

export interface PromptTurn {
  readonly outcome: Outcome;
  /** Nothing where the guest did not answer, or not as it should. */
  readonly answer: PromptAnswer | undefined;
}

export interface PromptOptions {
  /** After all that goes on, and as if by itself: others who ask for something then wait. */
  readonly between: (request: () => TurnRequest) => Promise<TurnTaken>;
  /** After all that goes on, as a run. */
  readonly run: (request: TurnRequest) => Promise<TurnTaken>;
}

export class Prompt {
  readonly #options: PromptOptions;
  #isTyping = false;

  constructor(options: PromptOptions) {
    this.#options = options;
  }

  /** Whether the guest is at the keys that it was given last: what it prints now is the prompt. */
  get typing(): boolean {
    return this.#isTyping;
  }

  /**
   * Gives keys to the line editor, and shows the prompt if it is not there. `keys` is asked when their turn has come.
   * Throws `EndedError`, `DisposedError`.
   */
  async type(keys: () => PromptKeys): Promise<PromptTurn> {
    const { outcome, value } = await this.#options
      .between(() => {
        this.#isTyping = true;
        const given = keys();
        return { kind: 'prompt', banner: false, redraw: false, ...given };
      })
      .finally(() => {
        this.#isTyping = false;
      });
    return { outcome, answer: value === undefined ? undefined : decodeAnswer(value) };
  }

  /** Runs what was typed, after all that goes on. Throws `EndedError`, `DisposedError`, `BusyError`. */
  async run(statement: Statement): Promise<Outcome> {
    return (await this.#options.run({ kind: 'statement', ...statement })).outcome;
  }
}

/** More than a screen has. */
const MAX_ROWS = 10_000;

function decodeAnswer(bytes: Uint8Array): PromptAnswer | undefined {
  let value: GuestValue;
  try {
    value = unmarshal(bytes);
  } catch {
    return undefined;
  }
  if (!Array.isArray(value)) return undefined;
  const [kind, first, second, third] = value as readonly GuestValue[];
  switch (kind) {
    case 'edit':
      return isRow(first) ? { kind: 'editing', row: first } : undefined;
    case 'run': {
      if (typeof first !== 'string' || typeof third !== 'string') return undefined;
      return { kind: 'run', statement: { source: first, isCommand: second === true }, rest: third };
    }
    case 'end':
      return typeof first === 'string' ? { kind: 'end', rest: first } : undefined;
    default:
      return undefined;
  }
}

function isRow(value: GuestValue | undefined): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < MAX_ROWS;
}
