/** What the guest answers about source, checked: an answer may be anything. */
import type { GuestValue } from '../index';

export interface Mistake {
  readonly severity: 'error' | 'warning';
  readonly message: string;
  /** From 1; columns count characters, not UTF-16 units, and are 0 where the compiler tells none. */
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export interface Suggestion {
  readonly label: string;
  readonly kind: string;
  /** The type of a value. */
  readonly detail: string;
  /** The first line of its documentation. */
  readonly info: string;
}

export interface Suggestions {
  /** Characters before the caret that they begin with. */
  readonly length: number;
  readonly suggestions: readonly Suggestion[];
}

const MOST_ENTRIES = 500;
const LONGEST_TEXT = 300;

type Fields = ReadonlyMap<GuestValue, GuestValue>;

export function mistakesOf(answer: GuestValue): readonly Mistake[] {
  return entriesOf(answer).map((fields) => ({
    severity: fields.get('severity') === 'warning' ? 'warning' : 'error',
    message: textOf(fields, 'message'),
    line: Math.max(1, countOf(fields, 'line')),
    column: countOf(fields, 'column'),
    endLine: countOf(fields, 'end_line'),
    endColumn: countOf(fields, 'end_column'),
  }));
}

export function suggestionsOf(answer: GuestValue): Suggestions {
  if (!(answer instanceof Map)) return { length: 0, suggestions: [] };
  const fields = answer as Fields;
  return {
    length: countOf(fields, 'length'),
    suggestions: entriesOf(fields.get('suggestions')).map((entry) => ({
      label: textOf(entry, 'label'),
      kind: textOf(entry, 'kind'),
      detail: textOf(entry, 'detail'),
      info: textOf(entry, 'info'),
    })),
  };
}

function entriesOf(value: GuestValue | undefined): Fields[] {
  if (!Array.isArray(value)) return [];
  const entries = (value as readonly GuestValue[]).slice(0, MOST_ENTRIES);
  return entries.filter((entry): entry is Fields & GuestValue => entry instanceof Map);
}

function textOf(fields: Fields, key: string): string {
  const value = fields.get(key);
  return typeof value === 'string' ? value.slice(0, LONGEST_TEXT) : '';
}

function countOf(fields: Fields, key: string): number {
  const value = fields.get(key);
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0;
}
