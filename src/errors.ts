/**
 * Every error that the library throws at the page, each with a stable code. What goes wrong inside
 * the guest is not here: it is data, in an `Outcome`.
 */

export abstract class GloveboxError extends Error {
  abstract readonly code: string;

  /** That of the class, which bundlers change. */
  override get name(): string {
    const words = this.code.split('_').map((word) => word.charAt(0) + word.slice(1).toLowerCase());
    return `${words.join('')}Error`;
  }
}

/** An option that can't be: the message names it and says what would be right. */
export class OptionError extends GloveboxError {
  readonly code = 'OPTION';
}

/** A manifest of policies that is none; the message begins with the place in it. */
export class ManifestError extends GloveboxError {
  readonly code = 'MANIFEST';
  /** `rules[2].args.points.max`; empty for the manifest itself. */
  readonly path: string;

  constructor(path: string, message: string) {
    super(`${path === '' ? 'the manifest' : path} ${message}`);
    this.path = path;
  }
}

/** A mount that can't be made: under a file, twice on one path, on a path that is not absolute. */
export class MountError extends GloveboxError {
  readonly code = 'MOUNT';
}

/** The page lacks what a blocking channel needs; the message says what to do. */
export class EnvironmentError extends GloveboxError {
  readonly code = 'ENVIRONMENT';
}

/** The guest's files are missing, damaged, or do not fit together. */
export class GuestFilesError extends GloveboxError {
  readonly code = 'GUEST_FILES';
  /** A file came that is not what it should be; else one did not come. */
  readonly isDamaged: boolean;

  constructor(message: string, { isDamaged = false }: { readonly isDamaged?: boolean } = {}) {
    super(message);
    this.isDamaged = isDamaged;
  }
}

/** Not a WebAssembly module, or one that the engine refuses. */
export class InvalidModuleError extends GloveboxError {
  readonly code = 'INVALID_MODULE';
}

/** The module wants imports that the host-call table lacks. */
export class UnknownImportsError extends GloveboxError {
  readonly code = 'UNKNOWN_IMPORTS';
  /** `module.name` of each. */
  readonly missing: readonly string[];

  constructor(missing: readonly string[]) {
    super(`the module imports what no host call answers: ${missing.join(', ')}`);
    this.missing = missing;
  }
}

/** The guest could not be brought up; the sandbox was not made. */
export class StartError extends GloveboxError {
  readonly code = 'START';
}

/** Why a memory image can't be used. */
export type ImageFault =
  /** No image at all. */
  | 'foreign'
  /** Of a format that this library does not know. */
  | 'version'
  /** Of another build of the guest. */
  | 'build'
  /** Cut short, or changed. */
  | 'damaged'
  /** It lacks a signature, or has another one. */
  | 'signature'
  /** It takes more memory than there may be. */
  | 'size'
  /** It needs the guest's base image, of the very same kind. */
  | 'base'
  /** Nothing is mounted where there was a volume, or the other way round. */
  | 'mount'
  /** A file that was open can't be opened again. */
  | 'file';

/** A memory image that can't be used. */
export class ImageError extends GloveboxError {
  readonly code = 'IMAGE';
  readonly reason: ImageFault;

  constructor(reason: ImageFault, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** Why a trace can't be replayed. */
export type TraceFault =
  /** No trace at all. */
  | 'foreign'
  /** Of a format, or with host calls, that this library does not know. */
  | 'version'
  /** Of another build of the guest. */
  | 'build'
  /** Cut short, or changed. */
  | 'damaged'
  /** It takes more memory than there may be. */
  | 'size'
  /** It needs the guest's base image, of the very same kind. */
  | 'base'
  /** An entry was ended from outside while it was recorded: how far it was then, nobody knows. */
  | 'ended';

/** A trace that can't be replayed, or not further. */
export class TraceError extends GloveboxError {
  readonly code = 'TRACE';
  readonly reason: TraceFault;
  /** The entry that can't be replayed, from 1; all before it were. */
  readonly entry: number | undefined;

  constructor(reason: TraceFault, message: string, entry?: number) {
    super(message);
    this.reason = reason;
    this.entry = entry;
  }
}

/** The browser did not store what it should, or does not give it back; its own error is the `cause`. */
export class StorageError extends GloveboxError {
  readonly code = 'STORAGE';
}

/** The sandbox is running something already. */
export class BusyError extends GloveboxError {
  readonly code = 'BUSY';

  constructor(message = 'the sandbox is running already: wait for its outcome, or interrupt it') {
    super(message);
  }
}

/** The guest has ended; `restart()` gives the sandbox a fresh one. */
export class EndedError extends GloveboxError {
  readonly code = 'ENDED';
}

/** The sandbox has been disposed. */
export class DisposedError extends GloveboxError {
  readonly code = 'DISPOSED';

  constructor() {
    super('the sandbox has been disposed');
  }
}

/** `evaluate` ended in an exception of the guest's, or did not end by itself. */
export class EvaluationError extends GloveboxError {
  readonly code = 'EVALUATION';
  /** The Python exception's type; the outcome's status where there was none. */
  readonly type: string;
  /** As Python would print it; empty where there was none. */
  readonly traceback: string;

  constructor(type: string, message: string, traceback: string) {
    super(message === '' ? type : `${type}: ${message}`);
    this.type = type;
    this.traceback = traceback;
  }
}

/** A value that the codec can't carry, or bytes that are no value. */
export class ValueError extends GloveboxError {
  readonly code = 'VALUE';
}
