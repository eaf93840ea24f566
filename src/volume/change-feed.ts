/** Who watches a tree, and what they have not been told yet. */
import type { DirectoryNode, TreeNode } from './tree-node';
import type { ChangeListener, VolumeChange } from './volume';

/** Changes that come closer together than this are told together. */
const GATHER_MS = 20;

export class ChangeFeed {
  readonly #listeners = new Set<ChangeListener>();
  #untold = new Map<string, VolumeChange['kind']>();

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
    for (const { parent, name } of node.names) this.report(pathIn(parent, name), 'changed');
  }

  report(path: string, kind: VolumeChange['kind']): void {
    if (this.#listeners.size === 0) return;
    if (this.#untold.size === 0) setTimeout(() => this.#tell(), GATHER_MS);
    // What was created and written to since is still new to those who are told now.
    if (kind === 'changed' && this.#untold.get(path) === 'created') return;
    this.#untold.delete(path);
    this.#untold.set(path, kind);
  }

  #tell(): void {
    const changes = [...this.#untold].map(([path, kind]) => ({ path, kind }));
    this.#untold = new Map();
    for (const listener of this.#listeners) {
      try {
        listener(changes);
      } catch (fault) {
        // One listener's fault is neither the next one's nor the volume's.
        queueMicrotask(() => {
          throw fault;
        });
      }
    }
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
