/** How much may be added to a folder that is not the guest's own, whatever is in it already. */
import { FileError } from '../protocol/errno';
import { limitOf } from './limits';

export interface AddedRoomOptions {
  /** How much larger its files may become, by what is done through the volume. Default 1 GiB. */
  readonly maxAddedBytes?: number;
  /** How many more files and directories there may be. Default 100,000. */
  readonly maxAddedInodes?: number;
}

const DEFAULT_MAX_ADDED_BYTES = 1024 * 1024 * 1024;
const DEFAULT_MAX_ADDED_INODES = 100_000;

/** What is removed makes room, so both counts may be negative. */
export class AddedRoom {
  readonly #maxBytes: number;
  readonly #maxInodes: number;
  #bytes = 0;
  #inodes = 0;

  constructor({ maxAddedBytes, maxAddedInodes }: AddedRoomOptions) {
    this.#maxBytes = limitOf('maxAddedBytes', maxAddedBytes, DEFAULT_MAX_ADDED_BYTES);
    this.#maxInodes = limitOf('maxAddedInodes', maxAddedInodes, DEFAULT_MAX_ADDED_INODES);
  }

  /** ENOSPC */
  addBytes(more: number): void {
    if (more > 0 && this.#bytes + more > this.#maxBytes) throw new FileError('ENOSPC');
    this.#bytes += more;
  }

  /** What was counted has not come about. */
  takeBackBytes(bytes: number): void {
    this.#bytes -= bytes;
  }

  /** ENOSPC */
  addInodes(more: number): void {
    if (more > 0 && this.#inodes + more > this.#maxInodes) throw new FileError('ENOSPC');
    this.#inodes += more;
  }
}
