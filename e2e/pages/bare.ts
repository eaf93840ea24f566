/** A page with nothing on it but the library, for the tests to use. */
import * as glovebox from '../../src/index';

export interface OpenedPython {
  readonly sandbox: glovebox.Sandbox;
  /** What the guest has printed on stdout and stderr so far. */
  output(): string;
}

export interface BarePage {
  readonly glovebox: typeof glovebox;
  loadGuest(): Promise<glovebox.PythonGuest>;
  openPython(options?: Partial<glovebox.SandboxOptions>): Promise<OpenedPython>;
}

let loading: Promise<glovebox.PythonGuest> | undefined;

function loadGuest(): Promise<glovebox.PythonGuest> {
  loading ??= glovebox.PythonGuest.load(new URL('/guest/', document.baseURI), {
    spareWorker: false,
  });
  return loading;
}

const bare: BarePage = {
  glovebox,
  loadGuest,
  async openPython(options = {}) {
    const decoder = new TextDecoder();
    let output = '';
    const sandbox = await glovebox.Sandbox.create({
      guest: await loadGuest(),
      onOutput: (bytes) => {
        output += decoder.decode(bytes, { stream: true });
      },
      ...options,
    });
    return { sandbox, output: () => output };
  },
};

Object.assign(globalThis, { bare });

// Counts its clicks: a test sees so whether the page still listens.
const button = document.querySelector('button');
button?.addEventListener('click', () => {
  button.textContent = String(Number(button.textContent) + 1);
});
