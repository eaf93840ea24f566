/** Why a folder of the host can't be a volume. The codes are stable: programs may compare them. */
export type HostDirectoryErrorCode =
  | 'host-directory-missing'
  | 'host-directory-not-a-directory'
  | 'host-directory-unreadable'
  | 'host-directory-unsupported';

export class HostDirectoryError extends Error {
  override readonly name = 'HostDirectoryError';
  readonly code: HostDirectoryErrorCode;
  readonly path: string;

  constructor(code: HostDirectoryErrorCode, path: string, reason: string) {
    super(`${path}: ${reason}`);
    this.code = code;
    this.path = path;
  }

  /** From what the system said when the folder was opened. */
  static because(path: string, reason: unknown): HostDirectoryError {
    const said = reason instanceof Error && 'code' in reason ? String(reason.code) : '';
    switch (said) {
      case 'ENOENT':
        return new HostDirectoryError('host-directory-missing', path, 'there is no such directory');
      case 'ENOTDIR':
        return new HostDirectoryError('host-directory-not-a-directory', path, 'not a directory');
      default:
        return new HostDirectoryError(
          'host-directory-unreadable',
          path,
          `it can not be read (${said})`,
        );
    }
  }
}
