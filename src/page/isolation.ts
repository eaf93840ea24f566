/**
 * Cross-origin isolation without the server's help: a service worker adds the headers. It sees only
 * pages that are loaded after it, so the first visit is reloaded once.
 */

/** Remembers, for this tab, that a reload has been tried: it must not be tried for ever. */
const RELOADED = 'glovebox: reloaded for isolation';

/**
 * Makes this page cross-origin isolated, for hosts that can't send the headers. To be called before
 * anything else. True: the page is isolated, and nothing had to be done. False: it can't be (no secure
 * context, no service workers, a frame in a page that is not isolated). Otherwise the page is
 * reloaded, and the promise stays open.
 *
 * `script`: the address of `glovebox-isolation.js`, from the page's own: it must lie in the page's
 * folder or above.
 */
export async function isolatePage(
  script: URL | string = 'glovebox-isolation.js',
): Promise<boolean> {
  if (globalThis.crossOriginIsolated) {
    forget();
    return true;
  }
  try {
    const registration = await navigator.serviceWorker.register(script);
    await activated(registration);
    if (!mayReload()) return false;
  } catch {
    // Where there is no service worker there is no `navigator.serviceWorker` either, or no storage
    // to remember the reload in.
    return false;
  }
  location.reload();
  return new Promise(() => undefined);
}

function mayReload(): boolean {
  if (sessionStorage.getItem(RELOADED) !== null) {
    forget();
    return false;
  }
  sessionStorage.setItem(RELOADED, '1');
  return true;
}

function forget(): void {
  try {
    sessionStorage.removeItem(RELOADED);
  } catch {
    // A frame without storage: it remembered nothing.
  }
}

function activated({ active, waiting, installing }: ServiceWorkerRegistration): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = active ?? waiting ?? installing;
    const look = (): void => {
      if (worker === null || worker.state === 'redundant')
        reject(new Error('it was not installed'));
      else if (worker.state === 'activated') resolve();
    };
    worker?.addEventListener('statechange', look);
    look();
  });
}
