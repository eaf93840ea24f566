/** One tab for each open file. */
import { html, nothing } from 'lit';
import { icon } from './icons';
import type { OpenFile } from './open-files';

export interface TabsOptions {
  readonly files: readonly OpenFile[];
  readonly active: OpenFile | undefined;
  readonly onShow: (path: string) => void;
  readonly onClose: (path: string) => void;
  /** A key has chosen another tab, which is to have the keyboard now. */
  readonly onMoved: () => void;
}

export function renderTabs(options: TabsOptions) {
  const { files, active, onShow, onClose } = options;
  return html`<div class="tab-row">
    <div class="tabs" role="tablist" aria-label="Open files">
      ${files.map(
        (file) => html`<button
          role="tab"
          class=${file.unsaved ? 'unsaved' : ''}
          title=${file.path}
          aria-label=${file.unsaved ? `${file.path}, not saved` : file.path}
          aria-selected=${file === active}
          tabindex=${file === active ? 0 : -1}
          @click=${() => onShow(file.path)}
          @auxclick=${() => onClose(file.path)}
          @keydown=${(event: KeyboardEvent) => onKey(event, file, options)}
        >
          <span>${file.path.split('/').at(-1)}</span>
        </button>`,
      )}
    </div>
    ${
      active === undefined
        ? nothing
        : html`<button
            class="plain"
            aria-label="Close ${active.path}"
            title="Close this file"
            @click=${() => onClose(active.path)}
          >
            ${icon('close')}
          </button>`
    }
  </div>`;
}

function onKey(event: KeyboardEvent, file: OpenFile, options: TabsOptions): void {
  const { files, onShow, onClose, onMoved } = options;
  const at = files.indexOf(file);
  const places = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: files.length - 1 };
  const next = places[event.key as keyof typeof places] as number | undefined;
  if (event.key === 'Delete') onClose(file.path);
  else if (next !== undefined) onShow(files.at(next % files.length)?.path ?? file.path);
  else return;
  event.preventDefault();
  onMoved();
}
