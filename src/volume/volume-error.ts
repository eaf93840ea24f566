/** Why a stored volume can't be opened. The codes are stable: programs may compare them. */
export type VolumeErrorCode =
  /** Another page, or this one, has it open for writing. */
  | 'volume-busy'
  /** A newer version wrote it; nothing was changed. */
  | 'volume-format'
  /** What says how to read it is unreadable: open it with `repair`. */
  | 'volume-damaged'
  /** There is none of this name to be read. */
  | 'volume-missing'
  /** The browser lacks what it takes, or keeps it from this page. */
  | 'volume-unsupported'
  /** The browser could not open its database. */
  | 'volume-storage'
  /** No name for a volume. */
  | 'volume-name';

export class VolumeError extends Error {
  override readonly name = 'VolumeError';
  readonly code: VolumeErrorCode;
  /** The name of the volume. */
  readonly volume: string;

  constructor(code: VolumeErrorCode, volume: string, reason: string) {
    super(`volume ${JSON.stringify(volume)}: ${reason}`);
    this.code = code;
    this.volume = volume;
  }
}
