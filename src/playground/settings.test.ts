import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS, SettingsStore } from './settings';

class FakeStorage {
  readonly items = new Map<string, string>();
  refuses = false;

  getItem(key: string): string | null {
    return this.items.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    if (this.refuses) throw new DOMException('full', 'QuotaExceededError');
    this.items.set(key, value);
  }
}

describe('settings', () => {
  it('are there again for who opens the page next', () => {
    const storage = new FakeStorage();
    const states = { a: { open: ['main.py'], active: 'main.py' } };
    new SettingsStore(storage).change({ theme: 'dark', filesPx: 300, states });
    expect(new SettingsStore(storage).value).toEqual({
      ...DEFAULT_SETTINGS,
      ...{ theme: 'dark', filesPx: 300, states },
    });
  });

  it('keep the projects that another tab has made meanwhile', () => {
    const storage = new FakeStorage();
    const [one, other] = [new SettingsStore(storage), new SettingsStore(storage)];
    one.change({ projects: [{ id: 'a', title: 'A' }] });
    other.change({ theme: 'light' });
    expect(new SettingsStore(storage).value.projects).toEqual([{ id: 'a', title: 'A' }]);
  });

  it('hold for this page where nothing can be stored', () => {
    const storage = new FakeStorage();
    storage.refuses = true;
    for (const store of [new SettingsStore(undefined), new SettingsStore(storage)]) {
      store.change({ theme: 'dark' });
      expect(store.value.theme).toBe('dark');
    }
  });

  it.each([
    'nonsense',
    '[]',
    '42',
    '{"theme":"<b>","filesPx":-4,"projects":{"id":1},"states":[1],"project":7}',
    '{"projects":[null,{"id":""},{"id":"a"}],"states":{"a":{"open":1}},"consolePx":1e99}',
  ])('that are %s are the defaults', (text) => {
    const storage = new FakeStorage();
    storage.items.set('glovebox-playground', text);
    expect(new SettingsStore(storage).value).toEqual(DEFAULT_SETTINGS);
  });
});
