/** Where a program's text goes and its input comes from: all that a session knows of the terminal on the page. */
import type { OutputStream } from '../index';
import type { Activity } from './activity';

export interface Console {
  /** Bytes of the guest's, valid until this returns. A promise makes the guest wait. */
  write(bytes: Uint8Array, stream: OutputStream): void | Promise<void>;
  /** A line of the page's own, such as why a run ended. */
  note(text: string): void;
  /** Ends a line that the guest left open, before something new begins. */
  startLine(): void;
  /** The source of a statement that is about to run, as typed at a prompt. */
  showStatement(source: string): void;
  /** One line of the user's, with its line end; null when the user ends the input. */
  readLine(): Promise<string | null>;
  /** Gives up the question that `readLine` asked, if one is open: it answers null. */
  cancelReadLine(): void;
  /** What the session is doing from now on. */
  show(activity: Activity): void;
  /** Takes the focus unless the user has put it somewhere. */
  focusIfIdle(): void;
  /** Whom to ask and tell. */
  connect(user: ConsoleUser): void;
}

/** What a console does for who types into it. */
export interface ConsoleUser {
  /** Whether Enter runs the source: it is complete, or wrong already. */
  isComplete(source: string): Promise<boolean>;
  runStatement(source: string): void;
  interrupt(): void;
}
