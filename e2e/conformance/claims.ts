/** What a test can claim. Each throws an error that shows what it found instead. */

export class ClaimError extends Error {}

export function claim(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new ClaimError(otherwise);
}

/** As JSON has them: what tests compare are plain data. */
export function claimEqual(found: unknown, expected: unknown): void {
  const [left, right] = [JSON.stringify(found), JSON.stringify(expected)];
  claim(left === right, `${left} instead of ${right}`);
}

export function claimIncludes(text: string, part: string): void {
  claim(text.includes(part), `${JSON.stringify(part)} is not in ${JSON.stringify(text)}`);
}

/** That each named field of `found` is as expected, whatever the others are. */
export function claimMatches(found: object, expected: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(expected)) {
    const actual: unknown = Reflect.get(found, name);
    claim(
      JSON.stringify(actual) === JSON.stringify(value),
      `${name} is ${JSON.stringify(actual)} instead of ${JSON.stringify(value)}: ${JSON.stringify(found)}`,
    );
  }
}

export function claimWithin(durationMs: number, atMostMs: number, what: string): void {
  claim(durationMs <= atMostMs, `${what} took ${Math.round(durationMs)} ms, over ${atMostMs}`);
}

/** The `code` of the error that the promise rejects with. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    return String(Reflect.get(Object(error), 'code') ?? error);
  }
  throw new ClaimError('nothing was thrown');
}
