/** Why an archive is refused. The codes are stable: programs may compare them. */
export type ZipErrorCode =
  /** No end record where an archive must have one. */
  | 'zip-not-an-archive'
  /** Records or data reach past where they can be. */
  | 'zip-truncated'
  /** Two headers of one entry, or a header and the data, contradict each other. */
  | 'zip-inconsistent'
  /** Zip64, or parts on several disks. */
  | 'zip-unsupported'
  | 'zip-encrypted'
  /** Neither stored nor deflated. */
  | 'zip-method'
  /** A name that is absolute, climbs, is too long, or is no text. */
  | 'zip-name'
  /** One path twice, or once as a file and once as a directory. */
  | 'zip-duplicate'
  /** A device, a pipe, or a symbolic link without a usable target. */
  | 'zip-kind'
  /** Two entries share bytes of the archive. */
  | 'zip-overlap'
  /** More entries or bytes than the limits allow. */
  | 'zip-limit';

export class ZipError extends Error {
  override readonly name = 'ZipError';
  readonly code: ZipErrorCode;
  readonly reason: string;
  /** The path of the entry that was wrong, if it was one. */
  readonly entry: string | undefined;

  constructor(code: ZipErrorCode, reason: string, entry?: string) {
    super(entry === undefined ? reason : `${JSON.stringify(entry)}: ${reason}`);
    this.code = code;
    this.reason = reason;
    this.entry = entry;
  }
}
