/** The process's standard input, read only when the guest asks. */
import { appendFileSync } from 'node:fs';
import type { StdinSource } from '../controller/stdin';

export interface ProcessStdin {
  readonly source: StdinSource;
  /** Lets the process end although input is open. */
  close(): void;
}

/** `log`: a file that gets what was read, as it was typed. */
export function openProcessStdin(log: string | undefined): ProcessStdin {
  const { stdin } = process;
  let ended = false;
  let waiting: ((piece: Uint8Array | null) => void) | undefined;
  const answer = (piece: Uint8Array | null): void => {
    stdin.pause();
    if (log !== undefined && piece !== null) appendFileSync(log, piece);
    waiting?.(piece);
    waiting = undefined;
  };
  const end = (): void => {
    ended = true;
    answer(null);
  };
  stdin.on('data', (piece: Buffer) => answer(new Uint8Array(piece)));
  stdin.on('end', end);
  stdin.on('error', end);
  stdin.pause();
  return {
    source: () =>
      ended
        ? null
        : new Promise((resolve) => {
            waiting = resolve;
            stdin.resume();
          }),
    close: () => {
      stdin.destroy();
    },
  };
}
