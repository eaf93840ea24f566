/**
 * Chromium keeps IndexedDB in LevelDB, whose write-ahead log it reuses after a restart. If it was
 * killed in the middle of a record, the next start overlooks the torn end and appends to it; the
 * one after that finds a damaged record in the midst of the log and deletes everything that the
 * origin has stored, synced or not. A new log has no torn end, and a database that is deleted makes
 * LevelDB begin one: it compacts what the database had, for which it empties the log into a table.
 */

const PREFIX = 'glovebox-log:';

interface LossEvent {
  /** Of Chromium only. */
  readonly dataLoss: 'none' | 'total';
  readonly dataLossMessage: string;
}

/** Why the browser had to make a database anew, whatever it held; undefined if it had not. */
export function lossToldBy(event: IDBVersionChangeEvent): string | undefined {
  const { dataLoss, dataLossMessage } = event as Partial<LossEvent>;
  return dataLoss === 'total' ? (dataLossMessage ?? '') : undefined;
}

/**
 * Before anything else is written after the browser has started, so that what is written is in no
 * torn log. Takes Chromium some 20 ms, others nothing. `owner` has to be one at a time.
 */
export async function beginNewLog(owner: string): Promise<void> {
  if (!('dataLoss' in (globalThis.IDBVersionChangeEvent?.prototype ?? {}))) return;
  const opened = indexedDB.open(PREFIX + owner);
  opened.onsuccess = () => opened.result.close();
  await ended(opened);
  await ended(indexedDB.deleteDatabase(PREFIX + owner));
}

/** Also when it failed or is held up: a volume can be read on a disk that is full. */
function ended(request: IDBOpenDBRequest): Promise<void> {
  return new Promise((resolve) => {
    request.addEventListener('success', () => resolve());
    request.addEventListener('error', () => resolve());
    request.addEventListener('blocked', () => resolve());
  });
}
