/** Modules of guests, as the page's engine needs them. */

export async function compileBytes(bytes: Uint8Array): Promise<WebAssembly.Module> {
  return WebAssembly.compile((await codeOf(bytes)) as BufferSource);
}

/** What is compiled of a module. */
export async function codeOf(bytes: Uint8Array): Promise<Uint8Array> {
  return needsStopChecks() ? checked(bytes) : bytes;
}

/** While it comes, where it can be. */
export async function compileResponse(response: Response): Promise<WebAssembly.Module> {
  return needsStopChecks()
    ? compileBytes(new Uint8Array(await response.arrayBuffer()))
    : WebAssembly.compileStreaming(response);
}

/** Nothing but its name tells an engine whose `terminate` leaves WebAssembly running. */
function needsStopChecks(): boolean {
  return navigator.vendor === 'Apple Computer, Inc.';
}

/** Loaded where it is needed only. */
async function checked(bytes: Uint8Array): Promise<Uint8Array> {
  const { addStopChecks } = await import('../controller/stop-checks');
  return addStopChecks(bytes);
}
