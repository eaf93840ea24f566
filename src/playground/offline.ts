/** The page without a network: a service worker keeps it, and tells when there is a newer one. */

const SCRIPT = 'service-worker.js';
/** What the worker is told when the user wants the new version. */
const ACTIVATE = 'activate';

export interface OfflineHandlers {
  /** All that the page needs is kept. */
  onKept(): void;
  /** A newer version is there; `use` changes to it, which loads the page again. */
  onUpdate(use: () => void): void;
}

/** Does nothing where there are no service workers. Told once the page has what it needs first. */
export async function keepOffline(handlers: OfflineHandlers): Promise<void> {
  const container = navigator.serviceWorker as ServiceWorkerContainer | undefined;
  if (container === undefined) return;
  let registration: ServiceWorkerRegistration;
  try {
    registration = await container.register(SCRIPT, { updateViaCache: 'none' });
  } catch {
    // A browser that keeps no workers for this page, or a server without the script: it works online.
    return;
  }
  // The first worker only begins to keep the page that is shown; so it is after one that is not ours.
  const isKept = isOurs(container.controller);
  let wanted = false;
  container.addEventListener('controllerchange', () => {
    if (wanted) location.reload();
    else if (isKept) handlers.onUpdate(() => location.reload());
  });
  const look = (worker: ServiceWorker | null): void => {
    if (worker === null) return;
    const onState = (): void => {
      if (worker.state === 'activated' && isOurs(worker)) handlers.onKept();
      if (worker.state !== 'installed' || registration.active === null) return;
      if (!isOurs(registration.active)) {
        worker.postMessage(ACTIVATE);
        return;
      }
      handlers.onUpdate(() => {
        wanted = true;
        worker.postMessage(ACTIVATE);
      });
    };
    worker.addEventListener('statechange', onState);
    onState();
  };
  look(registration.active);
  look(registration.waiting);
  look(registration.installing);
  registration.addEventListener('updatefound', () => look(registration.installing));
}

/** A page's folder has one worker: it may be another one so far, such as that which only isolates pages. */
function isOurs(worker: ServiceWorker | null): boolean {
  return worker !== null && new URL(worker.scriptURL).pathname.endsWith(`/${SCRIPT}`);
}
