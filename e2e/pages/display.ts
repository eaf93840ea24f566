/** A page with a display and a guest that shows things on it, for the tests to use. */
import { createDisplay, type DisplayLimits } from '../../src/display/index';
import '../../src/display/register';
import * as glovebox from '../../src/index';

export interface OpenedDisplay {
  readonly sandbox: glovebox.Sandbox;
  readonly display: ReturnType<typeof createDisplay>;
  /** What the guest has printed on stdout and stderr so far. */
  output(): string;
}

export interface DisplayPage {
  open(
    options?: Partial<glovebox.SandboxOptions>,
    limits?: Partial<DisplayLimits>,
  ): Promise<OpenedDisplay>;
}

let loading: Promise<glovebox.PythonGuest> | undefined;

const page: DisplayPage = {
  async open(options = {}, limits = {}) {
    loading ??= glovebox.PythonGuest.load(new URL('/guest/', document.baseURI));
    const display = createDisplay({ limits });
    const element = document.querySelector('glovebox-display');
    if (element === null) throw new Error('the page has no display');
    element.display = display;
    const decoder = new TextDecoder();
    let output = '';
    const sandbox = await glovebox.Sandbox.create({
      guest: await loading,
      capabilities: display.capabilities,
      kinds: display.kinds,
      onOutput: (bytes) => {
        output += decoder.decode(bytes, { stream: true });
      },
      ...options,
    });
    return { sandbox, display, output: () => output };
  },
};

Object.assign(globalThis, { displayPage: page });

// Counts its clicks: a test sees so whether the page still listens.
const button = document.querySelector('button');
button?.addEventListener('click', () => {
  button.textContent = String(Number(button.textContent) + 1);
});
