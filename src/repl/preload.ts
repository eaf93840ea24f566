/** What the elements on a page will need is on its way before their own script is there. */
import { preloadGuest } from '../preload';
import { guestFolder, hasServiceWorker } from './guest-folder';

/** For those elements that start an interpreter as soon as they can. */
export function preloadFor(selector: string): void {
  for (const element of document.querySelectorAll(selector)) {
    try {
      // As `guestAt` will ask for it.
      const keep = !hasServiceWorker();
      preloadGuest(guestFolder(element.getAttribute('guest')), { keep, counts: keep });
    } catch {
      // The element itself tells what is wrong.
    }
  }
}
