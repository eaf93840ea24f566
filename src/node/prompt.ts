/** The interactive prompt at the terminal that this process was started from. */
import { appendFileSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import type { Sandbox } from '../controller/sandbox';
import { type ReplEnd, ReplSession } from '../terminal/repl-session';
import type { Screen } from '../terminal/screen';
import { Terminal } from '../terminal/terminal';

export interface ProcessTerminalOptions {
  readonly colors: boolean;
  /** Whether what the program prints goes to the terminal as it is. */
  readonly raw: boolean;
  /** A file that gets what is typed. */
  readonly log: string | undefined;
}

const USUAL_SIZE = { columns: 80, rows: 24 };

const screen: Screen = {
  get columns() {
    return process.stdout.columns || USUAL_SIZE.columns;
  },
  get rows() {
    return process.stdout.rows || USUAL_SIZE.rows;
  },
  write(text) {
    if (process.stdout.write(text)) return;
    return new Promise((resolve) => void process.stdout.once('drain', resolve));
  },
};

export class ProcessTerminal {
  readonly terminal: Terminal;
  readonly #log: string | undefined;

  constructor({ colors, raw, log }: ProcessTerminalOptions) {
    this.terminal = new Terminal(screen, { colors, raw });
    this.#log = log;
  }

  /** Until `exit` or Ctrl-D. The terminal is as it was afterwards. */
  async prompt(sandbox: Sandbox): Promise<ReplEnd> {
    const { stdin, stdout } = process;
    const session = new ReplSession(sandbox, this.terminal);
    const decoder = new StringDecoder();
    const onData = (piece: Buffer): void => {
      if (this.#log !== undefined) appendFileSync(this.#log, piece);
      this.terminal.type(decoder.write(piece));
    };
    const onResize = (): void => this.terminal.resize();
    // Whoever holds the other end of the terminal is gone.
    const onEnd = (): void => session.dispose();
    stdin.setRawMode(true);
    stdin.on('data', onData).on('end', onEnd).on('error', onEnd);
    stdout.on('resize', onResize);
    try {
      return await session.run();
    } finally {
      session.dispose();
      stdin.off('data', onData).off('end', onEnd).off('error', onEnd);
      stdout.off('resize', onResize);
      stdin.setRawMode(false);
      // Nothing else would read it, and an open one keeps the process alive.
      stdin.destroy();
    }
  }
}
