/** What the handlers of one guest share. */
import type { Desk } from '../../capability/desk';
import type { Maybe } from '../../protocol/maybe';
import type { HostCallArguments, HostCallName, HostCallResult } from '../../protocol/table';
import type { Clock } from '../clock';
import type { FdTable, StreamName } from '../fd-table';
import type { Interruption } from '../interruption';
import type { Namespace } from '../namespace';
import type { Random } from '../random';
import type { Stdin } from '../stdin';
import type { Watchdog } from '../watchdog';

/** A handler refuses by throwing `FileError`. */
export type Handler<Name extends HostCallName> = (
  args: HostCallArguments<Name>,
) => Maybe<HostCallResult<Name>>;

export type Handlers = { readonly [Name in HostCallName]: Handler<Name> };

/** The request that the guest is answering and what it has answered so far. */
export interface Turn {
  request: Uint8Array;
  /** How much of the request the guest has read. */
  read: number;
  result: Uint8Array[];
  resultBytes: number;
}

export interface HostContext {
  readonly args: readonly string[];
  readonly env: readonly string[];
  readonly namespace: Namespace;
  readonly fds: FdTable;
  readonly stdin: Stdin;
  /** Later where the page takes its time. May throw `FileError`: output over its limit. */
  readonly write: (stream: Exclude<StreamName, 'stdin'>, bytes: Uint8Array) => Maybe<void>;
  readonly clock: Clock;
  readonly random: Random;
  readonly interruption: Interruption;
  readonly watchdog: Watchdog;
  readonly turn: Turn;
  /** Answers what the guest asks of its capabilities. */
  readonly desk: Desk;
}
