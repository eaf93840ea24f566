/** Who watches a tree, and what they have not been told yet. */
import type { DirectoryNode, TreeNode } from './tree-node';
import type { ChangeListener, VolumeChange } from './volume';

/** Changes that come closer together than this are told together. */
const GATHER_MS = 20;
/** Telling takes no more than this part of the time, whatever a guest does. */
const TELLING_SHARE = 1 / 5;

interface Untold {
  readonly kind: VolumeChange['kind'];
  /** It has come into being since the last telling. */
  readonly isNew: boolean;
}

export class ChangeFeed {
  readonly #listeners = new Set<ChangeListener>();
  #untold = new Map<string, Untold>();
  /** Written to. Their paths are made when they are told: a file may have thousands of names. */
  #changed = new Set<TreeNode>();
  #isWaiting = false;
  #waitMs = GATHER_MS;

  watch(listener: ChangeListener): () => void {
    // Of its own, so that one function may watch twice.
    const own: ChangeListener = (changes) => listener(changes);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  created(parent: DirectoryNode, name: string): void {
    if (this.#listeners.size > 0) this.report(pathIn(parent, name), 'created');
  }

  removed(parent: DirectoryNode, name: string): void {
    if (this.#listeners.size > 0) this.report(pathIn(parent, name), 'removed');
  }

  changed(node: TreeNode): void {
    if (this.#listeners.size === 0) return;
    this.#changed.add(node);
    this.#tellSoon();
  }

  report(path: string, kind: VolumeChange['kind']): void {
    if (this.#listeners.size === 0) return;
    const before = this.#untold.get(path);
    // What was created and written to since is still new to those who are told now.
    if (kind === 'changed' && before?.kind === 'created') return;
    this.#untold.delete(path);
    const isNew = before?.isNew ?? kind === 'created';
    // Of what came and went in between nobody needs to hear.
    if (kind === 'removed' && isNew) return;
    this.#untold.set(path, { kind, isNew });
    this.#tellSoon();
  }

  #tellSoon(): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    setTimeout(() => this.#tell(), this.#waitMs);
  }

  #tell(): void {
    const started = performance.now();
    const changes = this.#take();
    for (const listener of changes.length > 0 ? this.#listeners : []) {
      try {
        listener(changes);
      } catch (fault) {
        // One listener's fault is neither the next one's nor the volume's.
        queueMicrotask(() => {
          throw fault;
        });
      }
    }
    const tookMs = performance.now() - started;
    this.#waitMs = Math.max(GATHER_MS, tookMs / TELLING_SHARE - tookMs);
  }

  #take(): VolumeChange[] {
    const changes: VolumeChange[] = [];
    for (const node of this.#changed) {
      for (const { parent, name } of node.names) {
        const path = pathIn(parent, name);
        if (!this.#untold.has(path)) changes.push({ path, kind: 'changed' });
      }
    }
    for (const [path, { kind }] of this.#untold) changes.push({ path, kind });
    this.#isWaiting = false;
    this.#changed = new Set();
    this.#untold = new Map();
    return changes;
  }
}

function pathIn(parent: DirectoryNode, name: string): string {
  let path = `/${name}`;
  for (let at = parent; ; ) {
    const [up] = at.names;
    if (up === undefined) return path;
    path = `/${up.name}${path}`;
    at = up.parent;
  }
}
