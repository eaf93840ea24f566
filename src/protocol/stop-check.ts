/**
 * WebKit lets a terminated worker's WebAssembly run on until it calls a function of the engine's that
 * can throw. There a module is rewritten (`controller/stop-checks.ts`) to import this one and to call
 * it now and then; the worker answers it by itself. It is no host call: nothing is asked or told.
 */
export const STOP_CHECK = { module: 'glovebox_engine', name: 'stop_check' } as const;

export function isStopCheck(wanted: { readonly module: string; readonly name: string }): boolean {
  return wanted.module === STOP_CHECK.module && wanted.name === STOP_CHECK.name;
}
