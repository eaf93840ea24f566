/**
 * What the controller asks of the interpreter, and what it makes of the answer. Both travel in
 * marshal format, through host calls of the guest's; an answer is as hostile as any other.
 */
import type { HandleTable } from '../capability/handle-table';
import { marshal } from '../capability/marshal';
import { unmarshal } from '../capability/unmarshal';
import type { GuestValue } from '../capability/value';
import type { HostValue } from '../capability/value-type';
import { concatenate } from './bytes';
import type { GuestError } from './outcome';

/** Whether stdin and stdout are. */
type Terminals = readonly [boolean, boolean];

/** The names of the capabilities, and whether there are kinds of objects. */
type Offer = readonly [readonly string[], boolean];

type HandleSource = Pick<HandleTable, 'handleOf'>;

/**
 * What an editor asks between two runs, and with which arguments. `check`: source, file name; `suggest`: the text
 * before and after the caret; `refresh`: a folder, whose modules are to be imported anew.
 */
export type AssistTask = 'check' | 'suggest' | 'refresh';

/** What a program waits for between two turns. */
export interface Waits {
  /** Until its next timer. */
  readonly seconds: number | undefined;
  /** Whether calls go on that it awaits. */
  readonly calls: boolean;
}

export type TurnRequest =
  | {
      readonly kind: 'run';
      readonly source: Uint8Array;
      readonly filename: string;
      readonly mode: 'exec' | 'single';
      readonly argv: readonly string[] | null;
    }
  | { readonly kind: 'evaluate'; readonly source: Uint8Array; readonly filename: string }
  | { readonly kind: 'complete'; readonly source: string }
  | { readonly kind: 'assist'; readonly task: AssistTask; readonly arguments: readonly string[] }
  /** Before a memory image is taken. */
  | { readonly kind: 'prepare'; readonly modules: readonly string[] }
  /** First of all in a guest that was made from one. */
  | {
      readonly kind: 'wake';
      readonly env: Readonly<Record<string, string>>;
      readonly terminals: Terminals;
      readonly offer: Offer;
    }
  /** As well, where that guest has run before and goes on. */
  | { readonly kind: 'resume'; readonly terminals: Terminals; readonly offer: Offer }
  /** After a start that is not from an image. */
  | { readonly kind: 'offer'; readonly offer: Offer }
  | { readonly kind: 'emit'; readonly event: string; readonly value: HostValue }
  /** What is due of what the program left to be done. */
  | { readonly kind: 'advance' }
  /** What was typed at the prompt, maybe nothing; the answer: see `prompt.ts`. */
  | {
      readonly kind: 'prompt';
      readonly keys: string;
      /** Whether what Python says at its start comes first. */
      readonly banner: boolean;
      /** Whether the prompt is not on the screen any more. */
      readonly redraw: boolean;
      readonly columns: number;
      readonly rows: number;
    }
  /** What came of that. `isCommand`: it is one of the prompt's own, such as `exit`. */
  | { readonly kind: 'statement'; readonly source: string; readonly isCommand: boolean }
  | Program;

/** What `python` takes on its command line. */
export type Program =
  | { readonly kind: 'file'; readonly path: string; readonly argv: readonly string[] }
  | { readonly kind: 'module'; readonly name: string; readonly argv: readonly string[] }
  | { readonly kind: 'command'; readonly source: Uint8Array; readonly argv: readonly string[] }
  | { readonly kind: 'stdin'; readonly argv: readonly string[] };

export type TurnResult = (
  | { readonly status: 'ok'; readonly value: Uint8Array | undefined }
  | { readonly status: 'error' | 'interrupted' | 'limit'; readonly error: GuestError }
  | { readonly status: 'exit'; readonly exitCode: number }
) & { readonly waits?: Waits };

/** `handles`: for what of the page's objects is in it. Throws `ValueError` for what can't be given to a guest. */
export function encodeRequest(request: TurnRequest, handles: HandleSource): Uint8Array {
  return marshal(request as unknown as GuestValue, {
    handleOf: (object) => handles.handleOf(object),
  });
}

/** Undefined for anything but a well-formed result. */
export function decodeResult(pieces: readonly Uint8Array[]): TurnResult | undefined {
  let result: GuestValue;
  try {
    result = unmarshal(concatenate(pieces));
  } catch {
    return undefined;
  }
  if (!(result instanceof Map)) return undefined;
  const fields = result as ReadonlyMap<GuestValue, GuestValue>;
  const decoded = decodeEnd(fields);
  const waits = decodeWaits(fields.get('waits'));
  return decoded === undefined || waits === undefined ? decoded : { ...decoded, waits };
}

function decodeEnd(fields: ReadonlyMap<GuestValue, GuestValue>): TurnResult | undefined {
  const status = fields.get('status');
  switch (status) {
    case 'ok': {
      const value = fields.get('value');
      return { status: 'ok', value: value instanceof Uint8Array ? value : undefined };
    }
    case 'error':
    case 'interrupted':
    case 'limit': {
      const error = decodeError(fields.get('error'));
      return error === undefined ? undefined : { status, error };
    }
    case 'exit': {
      const exitCode = fields.get('exit_code');
      return isInteger(exitCode) ? { status: 'exit', exitCode } : undefined;
    }
    default:
      return undefined;
  }
}

function decodeWaits(value: GuestValue | undefined): Waits | undefined {
  if (!Array.isArray(value)) return undefined;
  const [seconds, calls] = value as readonly GuestValue[];
  const isTime = typeof seconds === 'number' && seconds >= 0;
  if (!isTime && seconds !== null) return undefined;
  return { seconds: isTime ? seconds : undefined, calls: calls === true };
}

function decodeError(value: GuestValue | undefined): GuestError | undefined {
  if (!(value instanceof Map)) return undefined;
  const fields = value as ReadonlyMap<GuestValue, GuestValue>;
  const text = (key: string): string => {
    const field = fields.get(key);
    return typeof field === 'string' ? field : '';
  };
  const line = fields.get('line');
  return {
    type: text('type'),
    message: text('message'),
    traceback: text('traceback'),
    ...(isInteger(line) ? { line } : {}),
  };
}

function isInteger(value: GuestValue | undefined): value is number {
  return Number.isSafeInteger(value);
}
