import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeBrowser } from '../testing/fake-browser';
import { lossToldBy } from './chromium-log';
import { VolumeDatabase } from './indexeddb-database';

class ChromiumsEvent {
  get dataLoss(): string {
    return 'none';
  }
}

beforeEach(() => fakeBrowser());
afterEach(() => vi.unstubAllGlobals());

async function databasesMadeBy(open: () => Promise<VolumeDatabase>): Promise<string[]> {
  const made = vi.spyOn(indexedDB, 'open');
  (await open()).close();
  const names = made.mock.calls.map(([name]) => name);
  made.mockRestore();
  return names;
}

describe('a new log', () => {
  it('is begun in Chromium by whoever writes, and leaves no database', async () => {
    vi.stubGlobal('IDBVersionChangeEvent', ChromiumsEvent);
    const names = ['glovebox-volume:ada', 'glovebox-log:ada'];
    expect(await databasesMadeBy(() => VolumeDatabase.open('ada'))).toEqual(names);
    const left = await indexedDB.databases();
    expect(left.map(({ name }) => name)).toEqual(['glovebox-volume:ada']);
    const open = () => VolumeDatabase.open('ada', { make: false });
    expect(await databasesMadeBy(open)).toEqual(['glovebox-volume:ada']);
  });

  it('is nothing for other browsers', async () => {
    const made = await databasesMadeBy(() => VolumeDatabase.open('ada'));
    expect(made).toEqual(['glovebox-volume:ada']);
  });

  it('that can not be begun keeps nobody from opening the volume', async () => {
    vi.stubGlobal('IDBVersionChangeEvent', ChromiumsEvent);
    const failed = () => {
      const request = new EventTarget();
      queueMicrotask(() => request.dispatchEvent(new Event('error')));
      return request as IDBOpenDBRequest;
    };
    const blocked = () => {
      const request = new EventTarget();
      queueMicrotask(() => request.dispatchEvent(new Event('blocked')));
      return request as IDBOpenDBRequest;
    };
    const open = indexedDB.open.bind(indexedDB);
    vi.spyOn(indexedDB, 'deleteDatabase').mockImplementation(blocked);
    vi.spyOn(indexedDB, 'open').mockImplementation((name) =>
      name.startsWith('glovebox-log:') ? failed() : open(name),
    );
    (await VolumeDatabase.open('ada')).close();
  });
});

describe('a loss', () => {
  it('is what Chromium tells of one', () => {
    const told = (event: object) => lossToldBy(event as IDBVersionChangeEvent);
    expect(told({ dataLoss: 'total', dataLossMessage: 'bad log' })).toBe('bad log');
    expect(told({ dataLoss: 'total' })).toBe('');
    expect(told({ dataLoss: 'none', dataLossMessage: '' })).toBeUndefined();
    expect(told({})).toBeUndefined();
  });
});
