/**
 * The guest's files in the browser's Cache Storage, unpacked: from there they come in a quarter of the time that the HTTP
 * cache takes, which keeps them as the server packed them. One build is one cache. Which one is right, only the server's
 * descriptions of its files tell, which are asked for each time; without a network it is the last one.
 */

/** A file as it comes: what is kept comes at once, so that nobody needs to hear how far it is. */
export type GetFile = (name: string) => Promise<{ response: Response; isKept: boolean }>;

const PREFIX = 'glovebox-guest';
const BUILD = 'build.json';
/** Of the memory image, which is made from a build. */
const IMAGE = 'image.json';

interface Descriptions {
  readonly texts: ReadonlyMap<string, string>;
  /** The cache of this build; none where the server does not say what it has. */
  readonly cache: string | undefined;
}

export class KeptFiles {
  readonly #folder: URL;
  readonly #fetch: (name: string) => Promise<Response>;
  /** Caches for this folder, the latest last. */
  readonly #caches: Promise<readonly string[]>;
  readonly #descriptions: Promise<Descriptions>;
  /** The descriptions are in the cache of this build, and there is no other cache. */
  #begun: Promise<void> | undefined;

  /** `fetch` rejects where there is no such file. */
  constructor(folder: URL, fetch: (name: string) => Promise<Response>) {
    this.#folder = folder;
    this.#fetch = fetch;
    this.#caches = this.#findCaches();
    this.#descriptions = this.#describe();
    // Who asks for a file hears of it.
    this.#descriptions.catch(() => undefined);
  }

  readonly get: GetFile = async (name) => {
    if (name === BUILD) {
      const text = (await this.#descriptions).texts.get(BUILD);
      return { response: new Response(text), isKept: true };
    }
    const kept = await this.#find(name);
    if (kept !== undefined) return { response: kept, isKept: true };
    const response = await this.#fetch(name);
    void this.#keep(name, response.clone());
    return { response, isKept: false };
  };

  /** What is kept is no good: it is not to be used again. */
  async forget(): Promise<void> {
    for (const name of await this.#caches) await caches.delete(name).catch(() => false);
  }

  async #findCaches(): Promise<readonly string[]> {
    const start = `${PREFIX} ${this.#folder.href} `;
    try {
      return (await caches.keys()).filter((name) => name.startsWith(start));
    } catch {
      // A page without storage, or one that is not served securely.
      return [];
    }
  }

  async #describe(): Promise<Descriptions> {
    const [build, image] = await Promise.all([
      this.#text(BUILD),
      this.#text(IMAGE).catch(() => undefined),
    ]);
    const texts = new Map([[BUILD, build]]);
    if (image === undefined) return { texts, cache: undefined };
    const [buildId, imageId] = [textIn(build, 'buildId'), textIn(image, 'sha256')];
    if (buildId === undefined || imageId === undefined) return { texts, cache: undefined };
    texts.set(IMAGE, image);
    return { texts, cache: `${PREFIX} ${this.#folder.href} ${buildId} ${imageId}` };
  }

  async #text(name: string): Promise<string> {
    try {
      return await (await this.#fetch(name)).text();
    } catch (error) {
      // No server to ask, rather than one that has no such file.
      const last = error instanceof TypeError ? (await this.#caches).at(-1) : undefined;
      const kept = last === undefined ? undefined : await this.#match(last, name);
      if (kept === undefined) throw error;
      return kept.text();
    }
  }

  async #find(name: string): Promise<Response | undefined> {
    const names = await this.#caches;
    const last = names.at(-1);
    // On the first visit nothing has to wait for the descriptions.
    if (last === undefined) return undefined;
    // Most often the last one is right: it is looked into while the server is asked.
    const [kept, { cache }] = await Promise.all([this.#match(last, name), this.#descriptions]);
    if (cache === last) return kept;
    return cache !== undefined && names.includes(cache) ? this.#match(cache, name) : undefined;
  }

  async #match(cache: string, name: string): Promise<Response | undefined> {
    try {
      return await caches.match(this.#address(name), { cacheName: cache });
    } catch {
      return undefined;
    }
  }

  /** It goes into the storage whole or not at all. */
  async #keep(name: string, response: Response): Promise<void> {
    try {
      const { texts, cache } = await this.#descriptions;
      if (cache === undefined) return void (await response.body?.cancel());
      const store = await caches.open(cache);
      await store.put(this.#address(name), response);
      this.#begun ??= this.#begin(store, cache, texts);
      await this.#begun;
    } catch {
      // Without storage, or without room: the file is there, and the next visit loads it again.
    }
  }

  async #begin(store: Cache, name: string, texts: Descriptions['texts']): Promise<void> {
    for (const [described, text] of texts) {
      await store.put(this.#address(described), new Response(text));
    }
    for (const old of await this.#caches) if (old !== name) await caches.delete(old);
  }

  #address(name: string): URL {
    return new URL(name, this.#folder);
  }
}

function textIn(json: string, key: string): string | undefined {
  try {
    const { [key]: value } = JSON.parse(json) as Record<string, unknown>;
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}
