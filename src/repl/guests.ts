/** The interpreters that elements of this page have loaded: one for each folder, whatever how many elements use it. */
import { PythonGuest } from '../index';

const guests = new Map<string, Promise<PythonGuest>>();

/** Throws as `PythonGuest.load`; another try is another load. */
export function loadGuest(folder: string): Promise<PythonGuest> {
  const { href } = new URL(folder, document.baseURI);
  let guest = guests.get(href);
  if (guest === undefined) {
    guest = PythonGuest.load(href);
    guest.catch(() => guests.delete(href));
    guests.set(href, guest);
  }
  return guest;
}
