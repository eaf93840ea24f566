/** What the first lines of a hostile program say about it. */

export interface Expectation {
  readonly status: string;
  /** Any of these exceptions; none named: any at all. */
  readonly errors: readonly string[];
}

export interface HostileProgram {
  readonly expectations: readonly Expectation[];
  /** An expression that holds afterwards in a guest that lives on. */
  readonly after: string | undefined;
}

export function parseHostile(source: string): HostileProgram {
  const line = /^# expect: (?<expected>.+)$/m.exec(source)?.groups?.expected;
  if (line === undefined) throw new Error('the program does not say what to expect of it');
  const expectations = line.split(',').map((part) => {
    const [status = '', errors = ''] = part.trim().split(/\s+/);
    return { status, errors: errors === '' ? [] : errors.split('|') };
  });
  return { expectations, after: /^# after: (?<after>.+)$/m.exec(source)?.groups?.after };
}
