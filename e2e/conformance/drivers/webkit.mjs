/** WebKitGTK through its own driver: plain WebDriver over HTTP, on a display that nobody sees. */
import { existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { startProcess, temporaryFolder } from './processes.mjs';

/** Debian keeps it off PATH, below a folder that is named after the machine's kind. */
function findMiniBrowser() {
  for (const folder of readdirSync('/usr/lib')) {
    for (const version of ['webkit2gtk-4.1', 'webkit2gtk-4.0', 'webkitgtk-6.0']) {
      const file = join('/usr/lib', folder, version, 'MiniBrowser');
      if (existsSync(file)) return file;
    }
  }
  throw new Error('No MiniBrowser of WebKitGTK is installed (Debian: webkit2gtk-driver).');
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0));
    });
  });
}

/**
 * @param {string} address
 * @param {string} method
 * @param {object} [body]
 * @returns {Promise<any>} what the specification of the command says
 */
async function ask(address, method, body) {
  const response = await fetch(address, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(90_000),
  });
  const { value } = /** @type {{ value: any }} */ (await response.json());
  if (!response.ok) throw new Error(`${value.error}: ${value.message}`);
  return value;
}

/** @param {string} address */
async function untilReady(address) {
  for (let tries = 0; ; tries++) {
    try {
      await fetch(`${address}/status`);
      return;
    } catch (error) {
      if (tries > 200) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/**
 * `shared`: with shared memory for isolated pages, as Safari has it; WebKitGTK leaves it out.
 * @param {{ shared: boolean }} options
 * @returns {Promise<import('./index.mjs').Browser>}
 */
export async function openWebKit({ shared }) {
  const home = temporaryFolder();
  const screen = startProcess([
    ...['Xvfb', '-displayfd', '1', '-screen', '0', '1280x800x24', '-nolisten', 'tcp'],
  ]);
  /** @type {(() => Promise<unknown>)[]} */
  const closing = [async () => home.remove(), () => screen.end()];
  const close = async () => {
    for (const end of closing.toReversed()) await end();
  };
  try {
    const [, display = ''] = await screen.says(/^(\d+)$/m);
    const port = await freePort();
    const driver = startProcess(['WebKitWebDriver', `--port=${port}`, '--host=127.0.0.1'], {
      env: {
        DISPLAY: `:${display}`,
        GDK_BACKEND: 'x11',
        HOME: home.folder,
        XDG_CACHE_HOME: join(home.folder, 'cache'),
        XDG_CONFIG_HOME: join(home.folder, 'config'),
        XDG_DATA_HOME: join(home.folder, 'data'),
        // No machine that runs tests need have a graphics card, a session bus or a sound card.
        LIBGL_ALWAYS_SOFTWARE: '1',
        WEBKIT_DISABLE_COMPOSITING_MODE: '1',
        NO_AT_BRIDGE: '1',
        GSETTINGS_BACKEND: 'memory',
        ...(shared ? { JSC_useSharedArrayBuffer: '1' } : {}),
      },
    });
    closing.push(() => driver.end());
    const address = `http://127.0.0.1:${port}`;
    await untilReady(address);
    const { sessionId, capabilities } = await ask(`${address}/session`, 'POST', {
      capabilities: {
        alwaysMatch: {
          'webkitgtk:browserOptions': { binary: findMiniBrowser(), args: ['--automation'] },
        },
      },
    });
    const session = `${address}/session/${sessionId}`;
    closing.push(() => ask(session, 'DELETE').catch(() => undefined));
    return {
      version: `WebKitGTK ${capabilities.browserVersion}${shared ? ' with shared memory' : ''}`,
      open: async (url) => void (await ask(`${session}/url`, 'POST', { url })),
      read: async (expression) => {
        const script = `return JSON.stringify(${expression})`;
        const text = await ask(`${session}/execute/sync`, 'POST', { script, args: [] });
        return typeof text === 'string' ? JSON.parse(text) : undefined;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
