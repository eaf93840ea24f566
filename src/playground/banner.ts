/** The line under the header: what a user has to know about where the work is kept. */
import { html, nothing } from 'lit';
import type { ProjectKind } from './project';

export interface BannerOptions {
  readonly kind: ProjectKind | undefined;
  /** What could not be stored, and why. */
  readonly unstored: { readonly path: string; readonly reason: string } | undefined;
  /** Set where a newer version of the page is there. */
  readonly update: (() => void) | undefined;
  readonly onRetry: () => void;
  readonly onDownload: (path: string) => void;
  readonly onUpdate: () => void;
  readonly onKeep: () => void;
  readonly onReopen: () => void;
}

export function renderBanner(options: BannerOptions) {
  const { kind, unstored, update } = options;
  if (unstored !== undefined) {
    return html`<p class="banner error" role="alert">
      <span
        >“${unstored.path}” could not be stored: ${unstored.reason}. What you wrote is still
        here.</span
      >
      <button @click=${options.onRetry}>Try again</button>
      <button @click=${() => options.onDownload(unstored.path)}>Download it</button>
    </p>`;
  }
  if (update !== undefined) {
    return html`<p class="banner" role="status">
      <span>A new version of this page is ready.</span>
      <button @click=${options.onUpdate}>Reload</button>
    </p>`;
  }
  switch (kind) {
    case 'shared':
      return html`<p class="banner" role="status">
        <span>From a link: nothing has run, and nothing is stored until you keep it.</span>
        <button class="primary" @click=${options.onKeep}>Keep as a project</button>
      </p>`;
    case 'unstored':
      return html`<p class="banner error" role="alert">
        <span
          >This browser does not let the page store anything: what you write is gone when the tab is
          closed. Download it before.</span
        >
      </p>`;
    case 'read-only':
      return html`<p class="banner" role="status">
        <span>Read-only: another tab has this project open.</span>
        <button @click=${options.onReopen}>Try to open it for writing</button>
      </p>`;
    default:
      return nothing;
  }
}
