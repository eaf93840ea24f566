/**
 * What must be known of a module before it runs: which imports it wants, and how large its memory
 * may become. An engine tells the names of imports but not the size of a memory, and a module that
 * defines its own memory also says its maximum itself, so the binary is read here, and its maximum
 * lowered to the limit.
 */

import { InvalidModuleError, UnknownImportsError } from '../errors';
import { isRareCode } from '../protocol/rare-code';
import { isStopCheck } from '../protocol/stop-check';
import { findHostCall } from '../protocol/table';
import {
  type PageLimits,
  readImports,
  readLimits,
  readSections,
  type Section,
  section,
  WasmWriter,
  writeLimits,
} from './wasm-binary';

export interface ModuleMemory extends PageLimits {
  readonly imported: boolean;
}

/**
 * Throws `UnknownImportsError` if the host-call table lacks any import of the module. `mayLeaveOut`: whether it may be one that
 * leaves code out.
 */
export function checkImports(module: WebAssembly.Module, mayLeaveOut = false): void {
  const missing = WebAssembly.Module.imports(module)
    .filter((wanted) =>
      wanted.kind === 'function'
        ? findHostCall(wanted.module, wanted.name) === undefined &&
          !isStopCheck(wanted) &&
          !(mayLeaveOut && isRareCode(wanted))
        : wanted.kind !== 'memory',
    )
    .map(({ module: group, name }) => `${group}.${name}`);
  if (missing.length > 0) throw new UnknownImportsError(missing);
}

/** Throws `InvalidModuleError` for bytes that are no module, or one with several or other memories. */
export function readModuleMemory(bytes: Uint8Array): ModuleMemory | undefined {
  return findMemory(bytes)?.memory;
}

/** A copy of the module whose own memory can't grow over the limit; the same bytes if it imports it. */
export function capModuleMemory(bytes: Uint8Array, maximumPages: number): Uint8Array {
  const found = findMemory(bytes);
  if (found === undefined || found.memory.imported) return bytes;
  const { memory, within } = found;
  const body = new WasmWriter(16);
  body.u32(1);
  const maximum = Math.min(memory.maximumPages ?? maximumPages, maximumPages);
  writeLimits(body, memory.initialPages, maximum);
  const capped = new WasmWriter(bytes.length + 16);
  capped.append(bytes, 0, within.start);
  capped.section(section.memory, body.bytes);
  capped.append(bytes, within.body.end);
  return capped.bytes;
}

function findMemory(
  bytes: Uint8Array,
): { readonly memory: ModuleMemory; readonly within: Section } | undefined {
  let found: { memory: ModuleMemory; within: Section } | undefined;
  for (const within of readSections(bytes)) {
    for (const memory of memoriesIn(within)) {
      // All of them are looked for: one beside the first would be without a limit.
      if (found !== undefined) throw new InvalidModuleError('a module with several memories');
      found = { memory, within };
    }
  }
  return found;
}

function* memoriesIn({ id, body }: Section): Generator<ModuleMemory> {
  if (id === section.import) {
    for (const { memory } of readImports(body)) {
      if (memory !== undefined) yield { imported: true, ...memory };
    }
  } else if (id === section.memory) {
    for (let left = body.u32(); left > 0; left--) yield { imported: false, ...readLimits(body) };
  }
}
