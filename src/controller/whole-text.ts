/**
 * The output of a guest as text that a terminal can take piece by piece: no piece ends in the middle of a
 * character or of an escape sequence. (Sequences: ECMA-48, "Control functions".)
 */
import type { OutputListener, OutputStream } from './output';

/** A sequence that is longer than any in use is not waited for: it would hold back all that follows. */
const LONGEST_SEQUENCE = 4096;

/** From its escape character on: what a next piece may still complete. */
const UNFINISHED = new RegExp(
  [
    '^\u001b(?:',
    '[ -/]{0,8}', // an escape sequence before its final character
    '|\\[[0-?]{0,80}[ -/]{0,8}', // a control sequence: colours, cursor movements
    '|[\\]PX^_][^\u0007\u001b]*\u001b?', // a control string: titles, links
    ')$',
  ].join(''),
);

export class WholeText {
  readonly #decoder = new TextDecoder();
  #held = '';

  /** What is whole by now, of this piece and of what was held back. */
  write(bytes: Uint8Array): string {
    const text = this.#held + this.#decoder.decode(bytes, { stream: true });
    const end = endOfWhole(text);
    this.#held = text.slice(end);
    return text.slice(0, end);
  }
}

function endOfWhole(text: string): number {
  let start = text.indexOf('\u001b', Math.max(0, text.length - LONGEST_SEQUENCE));
  while (start >= 0) {
    if (UNFINISHED.test(text.slice(start))) return start;
    start = text.indexOf('\u001b', start + 1);
  }
  return text.length;
}

/** An output listener for those who show text; pieces that hold nothing whole are not told. */
export function textOutput(
  listener: (text: string, stream: OutputStream) => unknown,
): OutputListener {
  const streams = { stdout: new WholeText(), stderr: new WholeText() };
  return (bytes, stream) => {
    const text = streams[stream].write(bytes);
    return text === '' ? undefined : listener(text, stream);
  };
}
