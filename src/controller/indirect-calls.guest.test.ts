import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readSections, section, WasmReader, WasmWriter } from './wasm-binary';
import { copyInstruction, skipLocals } from './wasm-instructions';

/** Of a function's code: as in `wasm/build/indirect-calls.mjs`. */
const LARGE_BYTES = 16 * 1024;

const CALL_INDIRECT = 0x11;

function countIndirectCalls(body: WasmReader): number {
  const reader = new WasmReader(body.bytes, body.offset, body.end);
  const copy = new WasmWriter(body.end - body.offset);
  let calls = 0;
  skipLocals(reader);
  while (!reader.ended) {
    if (copyInstruction(reader, copy, (index) => index) === CALL_INDIRECT) calls++;
  }
  return calls;
}

test('no large function of the interpreter makes an engine bet on what its calls reach', () => {
  const module = readFileSync(new URL('../../public/guest/python.wasm', import.meta.url));
  const code = [...readSections(module)].find(({ id }) => id === section.code)?.body;
  if (code === undefined) throw new Error('a module without code');
  const bodies = Array.from({ length: code.u32() }, () => code.part(code.u32()));
  const large = bodies.filter((body) => body.end - body.offset >= LARGE_BYTES);
  expect(large.length).toBeGreaterThan(0);
  expect(large.map(countIndirectCalls)).toEqual(large.map(() => 0));
  // There would be none elsewhere if they were not looked for rightly.
  const small = bodies.filter((body) => !large.includes(body));
  expect(small.map(countIndirectCalls).reduce((sum, more) => sum + more, 0)).toBeGreaterThan(100);
});
