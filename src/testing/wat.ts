/** For tests: WebAssembly modules written as text. */
import binaryen from 'binaryen';

/** `names`: whether it says those of its functions. */
export function assemble(text: string, { names = false } = {}): Uint8Array<ArrayBuffer> {
  const module = binaryen.parseText(text);
  try {
    module.setFeatures(features());
    binaryen.setDebugInfo(names);
    // A copy: binaryen's memory may be shared with others, and goes with the module.
    return new Uint8Array(module.emitBinary());
  } finally {
    module.dispose();
  }
}

/** Not all that there are: Node can't read the compact form of imports. */
function features(): number {
  const known = binaryen.Features;
  return (
    known.MutableGlobals |
    known.SignExt |
    known.BulkMemory |
    known.NontrappingFPToInt |
    known.ReferenceTypes |
    known.Multivalue |
    known.ExceptionHandling |
    known.Atomics |
    known.Memory64 |
    known.SIMD128 |
    known.TailCall |
    known.MultiMemory
  );
}

export function compile(text: string): WebAssembly.Module {
  return new WebAssembly.Module(assemble(text));
}
