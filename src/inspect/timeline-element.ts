/** `<glovebox-timeline>`: a session that is saved, loaded, and gone back in. `glovebox-timeline.ts` defines it. */
import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Sandbox } from '../controller/sandbox';
import { SandboxImage } from '../controller/sandbox-image';
import type { RestartOptions } from '../controller/sandbox-options';
import { GloveboxError, ImageError } from '../errors';
import { shownLine } from '../terminal/shown-text';
import { formatBytes } from '../terminal/units';
import { faultInWords } from './fault-words';
import { type Moment, type MomentCause, Moments } from './moments';
import { saveFile } from './page-files';
import { theme } from './theme';
import { timelineStyles } from './timeline-styles';

const MiB = 2 ** 20;
const MOST_FILE_BYTES = 512 * MiB;

/** What the element tells of with `glovebox-restored`, when the sandbox goes on from somewhere else. */
export interface RestoredDetail {
  /** What the user knows it as. */
  readonly name: string;
}

export class TimelineElement extends LitElement {
  static override properties = {
    sandbox: { attribute: false },
    restart: { attribute: false },
    storeName: { attribute: 'store-name' },
    most: { type: Number },
    mostBytes: { type: Number, attribute: 'most-bytes' },
    beforeRuns: { type: Boolean, attribute: 'before-runs', reflect: true },
  };

  static override styles = [theme, timelineStyles];

  declare sandbox: Sandbox | undefined;
  /** In the place of the sandbox's, where a prompt has to know of it. */
  declare restart: ((options: RestartOptions) => Promise<void>) | undefined;
  /** Under which name the browser keeps the snapshots. Default `session`. */
  declare storeName: string;
  /** How many are kept. Default 20. */
  declare most: number;
  /** How much room they may take together. Default 256 MiB. */
  declare mostBytes: number;
  /** Whether `beforeRun` takes a snapshot; the user switches it. Default false. */
  declare beforeRuns: boolean;

  #moments: Moments | undefined;
  #opening: Promise<Moments> | undefined;
  #list: readonly Moment[] = [];
  /** What is being done; empty: nothing. */
  #busy = '';
  #problem = '';
  #said = '';
  #renaming: string | undefined;
  /** Which one is deleted when that is asked for once more. */
  #deleting: string | undefined;

  constructor() {
    super();
    this.storeName = 'session';
    this.most = 20;
    this.mostBytes = 256 * MiB;
    this.beforeRuns = false;
    this.addEventListener('dragover', this.#onDragOver);
    this.addEventListener('dragleave', () => this.classList.remove('dropping'));
    this.addEventListener('drop', this.#onDrop);
  }

  /** Before a run: takes a snapshot if that is switched on. What goes wrong is shown, and the run goes on. */
  async beforeRun(): Promise<void> {
    if (this.beforeRuns && this.sandbox?.alive === true) await this.#take('run');
  }

  /** Takes a snapshot, as the button does. */
  async take(): Promise<void> {
    await this.#take('hand');
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#refresh();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#closeStore();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('storeName') || changed.get('storeName') === undefined) return;
    this.#closeStore();
    void this.#refresh();
  }

  override render(): TemplateResult {
    const isIdle = this.#busy === '' && this.sandbox !== undefined;
    return html`
      <div class="bar">
        <button type="button" ?disabled=${!isIdle} @click=${() => void this.take()}>
          Take a snapshot
        </button>
        <button type="button" ?disabled=${!isIdle} @click=${() => void this.#save()}>
          Save this session
        </button>
        <button type="button" ?disabled=${!isIdle} @click=${this.#pick}>Load a session …</button>
        <input class="file" type="file" hidden @change=${this.#onPicked} />
        <span class="rest"></span>
        <label class="check">
          <input type="checkbox" .checked=${this.beforeRuns} @change=${this.#onBeforeRuns} />
          before each run
        </label>
      </div>
      <p class="message" role="status">${
        this.#busy === ''
          ? this.#said
          : html`${this.#busy} <progress aria-label=${this.#busy}></progress>`
      }</p>
      <p class="message error" role="alert">${this.#problem}</p>
      ${
        this.#list.length === 0
          ? html`<p class="empty">
              No snapshots yet. One holds all variables and files of the program, to go back to.
            </p>`
          : html`<ol aria-label="Snapshots, the latest first">
              ${repeat(
                this.#list,
                ({ id }) => id,
                (moment) => this.#momentTemplate(moment, isIdle),
              )}
            </ol>`
      }
    `;
  }

  #momentTemplate(moment: Moment, isIdle: boolean): TemplateResult {
    const { id, takenMs, bytes, cause } = moment;
    const name = nameOf(moment);
    const when = new Date(takenMs).toLocaleString('en', {
      dateStyle: 'medium',
      timeStyle: 'medium',
    });
    return html`<li class=${cause}>
      <span class="dot"></span>
      <div class="what">
        ${
          this.#renaming === id
            ? html`<input
                type="text"
                maxlength="80"
                aria-label="Name of the snapshot"
                .value=${moment.name}
                @keydown=${(event: KeyboardEvent) => this.#onNameKey(event, moment)}
                @blur=${(event: Event) => void this.#rename(event, moment)}
              />`
            : html`<div class="name">${name}</div>`
        }
        <div class="about">${when}${bytes === 0 ? '' : ` · ${formatBytes(bytes)}`}</div>
      </div>
      <div class="actions">
        <button
          type="button"
          ?disabled=${!isIdle}
          aria-label="Go back to ${name}, ${when}"
          @click=${() => void this.#goBack(moment)}
        >
          Go back
        </button>
        <button
          type="button"
          class="plain"
          ?disabled=${this.#busy !== ''}
          aria-label="Name ${name}, ${when}"
          @click=${() => this.#startRenaming(id)}
        >
          Name
        </button>
        <button
          type="button"
          class="plain ${this.#deleting === id ? 'danger' : ''}"
          ?disabled=${this.#busy !== ''}
          aria-label="${this.#deleting === id ? 'Really delete' : 'Delete'} ${name}, ${when}"
          @click=${() => void this.#delete(id)}
          @blur=${() => this.#keep(id)}
        >
          ${this.#deleting === id ? 'Really delete' : 'Delete'}
        </button>
      </div>
    </li>`;
  }

  /** Does one thing at a time, and shows what came of it. Whether it was done. */
  async #do(what: string, work: () => Promise<string>): Promise<boolean> {
    if (this.#busy !== '') return false;
    this.#busy = what;
    this.#problem = this.#said = '';
    this.requestUpdate();
    try {
      this.#said = await work();
      return true;
    } catch (error) {
      this.#problem = faultInWords(error);
      if (!(error instanceof GloveboxError)) reportError(error);
      return false;
    } finally {
      this.#busy = '';
      await this.#refresh();
    }
  }

  #take(cause: MomentCause): Promise<boolean> {
    return this.#do('Taking a snapshot …', async () => {
      await this.#keepAs(cause);
      return cause === 'hand' ? 'The snapshot is taken.' : '';
    });
  }

  async #keepAs(cause: MomentCause): Promise<void> {
    const { sandbox, most, mostBytes } = this;
    if (sandbox === undefined) return;
    const image = await sandbox.snapshot();
    const moments = await this.#open();
    await moments.add(image, { cause, takenMs: Date.now() }, { most, mostBytes });
  }

  #save(): Promise<boolean> {
    const { sandbox } = this;
    return this.#do('Saving this session …', async () => {
      if (sandbox === undefined) return '';
      const file = await (await sandbox.snapshot()).encode();
      const day = new Date().toISOString().slice(0, 16).replace('T', '-').replace(':', '');
      const name = `session-${day}.glovebox`;
      saveFile(name, 'application/octet-stream', [file]);
      return `Saved as ${name} (${formatBytes(file.length)}).`;
    });
  }

  #load(file: File): Promise<boolean> {
    return this.#do(`Loading ${shownLine(file.name, 60)} …`, async () => {
      if (file.size > MOST_FILE_BYTES) throw new ImageError('size', `${file.size} bytes`);
      const image = await SandboxImage.decode(new Uint8Array(await file.arrayBuffer()));
      return this.#goOnFrom(image, shownLine(file.name, 60));
    });
  }

  #goBack(moment: Moment): Promise<boolean> {
    return this.#do('Going back …', async () => {
      const image = await (await this.#open()).get(moment.id);
      if (image === undefined) return 'That snapshot is not there any more.';
      return this.#goOnFrom(image, nameOf(moment));
    });
  }

  async #goOnFrom(image: SandboxImage, name: string): Promise<string> {
    const { sandbox } = this;
    if (sandbox === undefined) return '';
    let kept = ' What was before is a snapshot too.';
    try {
      await this.#keepAs('back');
    } catch {
      // Busy, ended, or no room: whoever goes back wants to leave that.
      kept = '';
    }
    await (this.restart?.({ from: image }) ?? sandbox.restart({ from: image }));
    const detail: RestoredDetail = { name };
    this.dispatchEvent(
      new CustomEvent('glovebox-restored', { detail, bubbles: true, composed: true }),
    );
    return `Went back to ${name}.${kept}`;
  }

  #open(): Promise<Moments> {
    this.#opening ??= Moments.open(this.storeName).then(
      (moments) => {
        this.#moments = moments;
        return moments;
      },
      (error: unknown) => {
        this.#opening = undefined;
        throw error;
      },
    );
    return this.#opening;
  }

  #closeStore(): void {
    this.#moments?.close();
    this.#moments = this.#opening = undefined;
  }

  async #refresh(): Promise<void> {
    try {
      this.#list = await (await this.#open()).list();
    } catch (error) {
      // Without storage there is still the file.
      this.#list = [];
      if (this.isConnected && this.#problem === '') this.#problem = faultInWords(error);
    }
    this.requestUpdate();
  }

  readonly #pick = (): void => {
    this.renderRoot.querySelector<HTMLInputElement>('.file')?.click();
  };

  readonly #onPicked = (event: Event): void => {
    if (!(event.target instanceof HTMLInputElement)) return;
    const file = event.target.files?.[0];
    event.target.value = '';
    if (file !== undefined) void this.#load(file);
  };

  readonly #onBeforeRuns = (event: Event): void => {
    this.beforeRuns = event.target instanceof HTMLInputElement && event.target.checked;
    this.dispatchEvent(new CustomEvent('glovebox-before-runs', { bubbles: true, composed: true }));
  };

  readonly #onDragOver = (event: DragEvent): void => {
    if (event.dataTransfer?.types.includes('Files') !== true) return;
    event.preventDefault();
    this.classList.add('dropping');
  };

  readonly #onDrop = (event: DragEvent): void => {
    this.classList.remove('dropping');
    const file = event.dataTransfer?.files[0];
    if (file === undefined) return;
    event.preventDefault();
    void this.#load(file);
  };

  #startRenaming(id: string): void {
    this.#renaming = id;
    this.requestUpdate();
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector<HTMLInputElement>('.what input')?.select(),
    );
  }

  #onNameKey(event: KeyboardEvent, moment: Moment): void {
    if (event.key === 'Enter') void this.#rename(event, moment);
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    this.#renaming = undefined;
    this.requestUpdate();
  }

  async #rename(event: Event, moment: Moment): Promise<void> {
    const field = event.target;
    if (this.#renaming !== moment.id || !(field instanceof HTMLInputElement)) return;
    this.#renaming = undefined;
    await this.#do('Naming it …', async () => {
      await (await this.#open()).rename(moment, field.value);
      return '';
    });
  }

  async #delete(id: string): Promise<void> {
    if (this.#deleting !== id) {
      this.#deleting = id;
      return this.requestUpdate();
    }
    this.#deleting = undefined;
    await this.#do('Deleting it …', async () => {
      await (await this.#open()).delete(id);
      return 'Deleted.';
    });
  }

  #keep(id: string): void {
    if (this.#deleting !== id) return;
    this.#deleting = undefined;
    this.requestUpdate();
  }
}

const NAMES: Readonly<Record<MomentCause, string>> = {
  hand: 'Snapshot',
  run: 'Before a run',
  back: 'Before going back',
};

function nameOf({ name, cause }: Moment): string {
  return name === '' ? NAMES[cause] : shownLine(name, 80);
}
