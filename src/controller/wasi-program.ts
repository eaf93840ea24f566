/** Any other WASI preview1 program, run once over the same worker and host calls as Python. */

import { InvalidModuleError, OptionError } from '../errors';
import { PAGE_BYTES } from '../protocol/numbers';
import { Berth } from './berth';
import { measure, outcomeOfEnd } from './ending';
import { createContext, createTree, reportFault, type WorldOptions } from './guest-world';
import { completeLimits, type Limits } from './limits';
import type { Outcome } from './outcome';
import type { Platform } from './platform';
import { Session } from './session';
import { capModuleMemory, checkImports, readModuleMemory } from './wasm-module';

export interface ProgramOptions extends WorldOptions {
  /** What the program sees as its arguments, its own name first. */
  readonly args?: readonly string[] | undefined;
}

export interface WasiProgram {
  /** How it ends; never rejects. */
  readonly outcome: Promise<Outcome>;
  /** Ends it, whatever it does. */
  terminate(): void;
}

/**
 * Starts a program. Throws `InvalidModuleError`, `UnknownImportsError`, `OptionError`, `MountError`,
 * `EnvironmentError`.
 */
export async function startWasiProgram(
  bytes: Uint8Array,
  options: ProgramOptions,
  platform: Platform,
): Promise<WasiProgram> {
  const channel = platform.chooseChannel();
  const limits = completeLimits(options.limits);
  const maximumPages = Math.floor(limits.heapBytes / PAGE_BYTES);
  const { module, initialPages } = await prepare(bytes, maximumPages, platform);
  const { onFault = reportFault, args = ['program'] } = options;
  const { namespace } = await createTree({}, options.mounts);
  const memory = { initialPages, maximumPages };
  const session = new Session({
    berth: new Berth({ module, memory, initialize: true, platform, channel }),
    onHostCall: options.onHostCall,
    onFault,
    createContext: (watchdog) =>
      createContext(namespace, options, { limits, args, onFault, watchdog }),
  });
  return { outcome: run(session, limits), terminate: () => session.terminate('terminated') };
}

async function prepare(
  bytes: Uint8Array,
  maximumPages: number,
  platform: Platform,
): Promise<{ module: WebAssembly.Module; initialPages: number }> {
  const initialPages = readModuleMemory(bytes)?.initialPages ?? 0;
  if (initialPages > maximumPages) {
    throw new OptionError(
      `limits.heapBytes is below the ${initialPages * PAGE_BYTES} bytes that the module starts with`,
    );
  }
  let module: WebAssembly.Module;
  try {
    module = await platform.compile(capModuleMemory(bytes, maximumPages));
  } catch (error) {
    throw new InvalidModuleError(error instanceof Error ? error.message : 'not a module');
  }
  checkImports(module);
  if (!WebAssembly.Module.exports(module).some(({ name }) => name === '_start')) {
    throw new InvalidModuleError('the module is no program: it exports no _start');
  }
  return { module, initialPages };
}

async function run(session: Session, limits: Limits): Promise<Outcome> {
  // A program in no language of ours hears of no limit: it is ended at once.
  const allowance = { budget: limits, graceMs: 0 };
  const started = await session.start(allowance);
  const end = started.kind === 'returned' ? await session.enter('_start', allowance) : started;
  session.terminate('terminated');
  return end.kind === 'returned'
    ? { ...measure(session), status: 'ok' }
    : outcomeOfEnd(session, end, () => 'run');
}
