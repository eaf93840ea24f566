/**
 * JavaScript Promise Integration: imports that may answer later, exports that give a promise. The
 * engine parks the guest's stack meanwhile. (Its types are not in TypeScript's libraries yet.)
 */
import type { Stub } from './stubs';

interface SuspensionApi {
  readonly Suspending: new (stub: Stub) => WebAssembly.ImportValue;
  readonly promising: <Values extends unknown[]>(
    entry: (...values: Values) => unknown,
  ) => (...values: Values) => Promise<unknown>;
}

function suspensionApi(): SuspensionApi {
  return WebAssembly as unknown as SuspensionApi;
}

export function suspending(stub: Stub): WebAssembly.ImportValue {
  const { Suspending } = suspensionApi();
  return new Suspending(stub);
}

export function promising<Values extends unknown[]>(
  entry: (...values: Values) => unknown,
): (...values: Values) => Promise<unknown> {
  return suspensionApi().promising(entry);
}
