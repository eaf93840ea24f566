/**
 * What is being written to the files of a picked folder. The browser writes to a copy, which takes
 * the file's place when its writer is closed: until then a success is a promise.
 *
 * Closing may fail long after the writes were answered, with nobody waiting for it. So the failure
 * stays with the file and is told to whoever uses its content next: again and again to those who
 * have it open, since each of them may be the one whose content is lost, until the file is emptied.
 */
import type { AddedRoom } from './added-room';
import { type HandleFile, type HandleWriter, refusalOf } from './directory-handle-node';
import type { HandleNodes } from './directory-handle-nodes';

/** A file that nobody has written to for so long is closed, so that others see what is in it. */
const IDLE_MS = 80;

export class HandleWriters {
  readonly #nodes: HandleNodes;
  readonly #room: AddedRoom;
  readonly #whenIdle: () => void;
  readonly #open = new Set<HandleFile>();
  readonly #lost = new Set<HandleFile>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `whenIdle`: it is time for `settleAll`. */
  constructor(nodes: HandleNodes, room: AddedRoom, whenIdle: () => void) {
    this.#nodes = nodes;
    this.#room = room;
    this.#whenIdle = whenIdle;
  }

  async write(node: HandleFile, offset: number, bytes: Uint8Array): Promise<void> {
    this.#tell(node);
    const writer = await this.#writer(node);
    const data = bytes.slice();
    await this.#change(node, writer, Math.max(writer.size, offset + bytes.length), () =>
      writer.stream.write({ type: 'write', position: offset, data }),
    );
  }

  async truncate(node: HandleFile, size: number): Promise<void> {
    this.#tell(node);
    const writer = await this.#writer(node);
    await this.#change(node, writer, size, () => writer.stream.truncate(size));
  }

  /** What was written is in the file then. Otherwise that is told, whenever it came about. */
  async close(node: HandleFile): Promise<void> {
    await this.settle(node);
    this.#tell(node);
  }

  async closeAll(): Promise<void> {
    await this.settleAll();
    const reasons = [...this.#lost].map((node) => this.#told(node));
    if (reasons.length > 0) throw reasons[0];
  }

  async settleAll(): Promise<void> {
    clearTimeout(this.#timer);
    for (const node of [...this.#open]) await this.settle(node);
  }

  /** As `close`, but a failure is kept for the next one who uses the content. */
  async settle(node: HandleFile): Promise<void> {
    const { writer } = node;
    if (writer === undefined) return;
    try {
      await writer.stream.close();
      this.#open.delete(node);
      node.writer = undefined;
    } catch (error) {
      await this.#lose(node, writer, error);
    }
  }

  /** Nobody has it open any more: those who had were told, or the next one who comes is. */
  released(node: HandleFile): void {
    if (node.lost?.told) this.forget(node);
  }

  /** Its content is not wanted any more. */
  forget(node: HandleFile): void {
    node.lost = undefined;
    this.#lost.delete(node);
  }

  async #writer(node: HandleFile): Promise<HandleWriter> {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#whenIdle, IDLE_MS);
    if (node.writer === undefined) {
      const handle = await this.#nodes.fileHandle(node);
      const { size } = await handle.getFile();
      const stream = await handle.createWritable({ keepExistingData: true });
      node.writer = { stream, sizeBefore: size, size, changed: false };
      this.#open.add(node);
    }
    return node.writer;
  }

  async #change(
    node: HandleFile,
    writer: HandleWriter,
    size: number,
    change: () => Promise<void>,
  ): Promise<void> {
    this.#room.addBytes(size - writer.size);
    const before = writer.size;
    writer.size = size;
    try {
      await change();
      writer.changed = true;
    } catch (error) {
      writer.size = before;
      this.#room.takeBackBytes(size - before);
      // The browser's writer is of no use after that, and what was written to it before is gone.
      await this.#lose(node, writer, error);
      throw error;
    }
  }

  async #lose(node: HandleFile, writer: HandleWriter, error: unknown): Promise<void> {
    this.#open.delete(node);
    node.writer = undefined;
    this.#room.takeBackBytes(writer.size - writer.sizeBefore);
    if (writer.changed) {
      node.lost = { reason: refusalOf(error), told: false };
      this.#lost.add(node);
    }
    await writer.stream.abort().catch(() => undefined);
  }

  #tell(node: HandleFile): void {
    if (node.lost !== undefined) throw this.#told(node);
  }

  #told(node: HandleFile): unknown {
    const { lost } = node;
    if (lost === undefined) return undefined;
    lost.told = true;
    if (node.holds === 0) this.forget(node);
    return lost.reason;
  }
}
