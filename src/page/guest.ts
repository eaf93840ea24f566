/** The interpreter and its sandboxes on a page. */
import { PythonGuest as Guest, type LoadOptions } from '../controller/python-guest';
import { Sandbox as SandboxClass } from '../controller/sandbox';
import type { SandboxImage } from '../controller/sandbox-image';
import type { RestoreOptions, SandboxOptions } from '../controller/sandbox-options';
import { filesAt } from './files-at';
import { pagePlatform } from './platform';

export type PythonGuest = Guest;
export type Sandbox = SandboxClass;

export interface PageLoadOptions extends LoadOptions {
  /**
   * Whether the browser keeps the files unpacked, in its Cache Storage and on the account of the page's origin: 13 MB, and
   * 19 MB more as programs import from the library. On the next visit they are there 0.2 s earlier, and without a network
   * too. What the server says of its build (`build.json`, `image.json`) is asked for each time; another build takes the
   * place of the old one. Default false.
   */
  readonly keep?: boolean;
}

export const PythonGuest = {
  /**
   * Loads the interpreter from the folder that holds its files; without one, from `guest/` beside
   * the page. Load it once and give it to every sandbox.
   */
  load(
    folder: URL | string = 'guest/',
    { keep, ...options }: PageLoadOptions = {},
  ): Promise<PythonGuest> {
    return Guest.load(filesAt(new URL(folder, document.baseURI), keep), options, pagePlatform);
  },
};

export const Sandbox = {
  create(options: SandboxOptions): Promise<Sandbox> {
    return SandboxClass.create(options, pagePlatform);
  },
  /** A sandbox that goes on where an image was taken, here or elsewhere. */
  restore(image: SandboxImage | Uint8Array, options: RestoreOptions): Promise<Sandbox> {
    return SandboxClass.restore(image, options, pagePlatform);
  },
};
