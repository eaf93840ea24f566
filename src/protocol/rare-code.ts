/**
 * The interpreter's module leaves out the code that a first program hardly runs (`wasm/build/rare-code.mjs`): that is a module
 * of its own. Before the first call into it the main module calls an import, by which the worker makes the other's instance:
 * of the module that it was given at the start, otherwise of what the controller answers to a request of its own. That is no
 * host call: no guest can make it, and nothing of it is in accounts or recordings.
 */
export const RARE_CODE = { module: 'glovebox_engine', name: 'load_rare_code' } as const;

/** What the other module imports the parts of the main one as. */
export const MAIN_CODE = 'python';

/** Where a request has the number of its call: more than there are. */
export const RARE_CODE_REQUEST: Uint8Array = Uint8Array.of(0xff, 0xff);

export function isRareCode(wanted: { readonly module: string; readonly name: string }): boolean {
  return wanted.module === RARE_CODE.module && wanted.name === RARE_CODE.name;
}

export function isRareCodeRequest(request: Uint8Array): boolean {
  return request.length === 2 && request[0] === 0xff && request[1] === 0xff;
}
