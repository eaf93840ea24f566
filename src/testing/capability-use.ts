/** Uses of capabilities as a guest's would arrive, without a guest. */
import type { Call, Method } from '../capability/method';
import { Refusal } from '../capability/refusal';
import { Signature } from '../capability/signature';

export function callOf(given: Partial<Call> = {}): Call {
  return {
    capability: 'world',
    member: 'damage',
    access: 'call',
    args: [],
    target: undefined,
    actor: undefined,
    run: {},
    pauseClocks: () => () => undefined,
    isProbe: false,
    signal: new AbortController().signal,
    ...given,
  };
}

/** Calls with arguments that are checked against the signature. Throws what the method throws. */
export function use(
  method: Method | undefined,
  args: readonly unknown[],
  given: Partial<Call> = {},
): unknown {
  if (method === undefined) throw new Error('there is no such method');
  const call = callOf(given);
  if (method.signature === undefined) return method.invoke({ ...call, args: args as [] });
  const checked = Signature.parse(method.signature, () => true).check(args);
  return method.invoke({ ...call, args: checked });
}

/** `code: message` of what `run` refuses with. Throws where it does not. */
export function refusalOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof Refusal) return `${error.code}: ${error.message}`;
    throw error;
  }
  throw new Error('nothing was refused');
}
