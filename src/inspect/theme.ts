/**
 * Colours and letters of all elements here. A page sets any of `--glovebox-background`, `-surface`, `-text`, `-muted`,
 * `-accent`, `-border`, `-error`, `-warning`, `-ok`, `-font-mono`, `-font-ui`; light or dark is the page's `color-scheme`.
 */
import { css } from 'lit';

export const theme = css`
  :host {
    --surface: var(--glovebox-surface, light-dark(#ffffff, #1a1f1d));
    --background: var(--glovebox-background, light-dark(#f4f5f1, #131716));
    --text: var(--glovebox-text, light-dark(#1d2421, #e3e8e5));
    --muted: var(--glovebox-muted, light-dark(#56615c, #9ba6a1));
    --accent: var(--glovebox-accent, light-dark(#0f6b57, #4cc2a3));
    --border: var(--glovebox-border, light-dark(#d5dad5, #313835));
    --error: var(--glovebox-error, light-dark(#b3261e, #ff8a80));
    --warning: var(--glovebox-warning, light-dark(#8a5a00, #f0b64d));
    --ok: var(--glovebox-ok, light-dark(#1a7f37, #6fd38a));
    --mono: var(
      --glovebox-font-mono,
      ui-monospace,
      'SF Mono',
      'Cascadia Code',
      'DejaVu Sans Mono',
      Menlo,
      Consolas,
      monospace
    );
    --ui: var(
      --glovebox-font-ui,
      system-ui,
      -apple-system,
      'Segoe UI',
      'Liberation Sans',
      sans-serif
    );

    display: block;
    box-sizing: border-box;
    container-type: inline-size;
    background: var(--surface);
    color: var(--text);
    font: 0.875rem / 1.5 var(--ui);
  }

  :host([hidden]) {
    display: none;
  }

  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }

  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }

  h3,
  p,
  ul,
  ol,
  dl,
  dd,
  pre {
    margin: 0;
    padding: 0;
  }

  ul,
  ol {
    list-style: none;
  }

  code,
  pre {
    font-family: var(--mono);
    font-size: 0.8125rem;
  }

  button,
  select,
  input:not([type='checkbox']) {
    min-height: 2rem;
    padding: 0.125rem 0.625rem;
    border: 1px solid var(--border);
    border-radius: 0.5rem;
    background: var(--surface);
    color: var(--text);
    font: inherit;
    font-size: 0.8125rem;
  }

  button {
    font-weight: 550;
    cursor: pointer;
    white-space: nowrap;
  }

  button:hover:enabled,
  select:hover:enabled {
    border-color: var(--muted);
  }

  button:disabled,
  select:disabled,
  input:disabled {
    opacity: 0.55;
    cursor: default;
  }

  button[aria-pressed='true'] {
    border-color: var(--accent);
    color: var(--accent);
  }

  button.plain {
    border-color: transparent;
    background: transparent;
    color: var(--muted);
  }

  button.plain:hover:enabled {
    color: var(--text);
  }

  button.danger {
    color: var(--error);
  }

  label.check {
    display: inline-flex;
    gap: 0.375rem;
    align-items: center;
    min-height: 2rem;
    font-size: 0.8125rem;
  }

  input[type='checkbox'] {
    width: 1rem;
    height: 1rem;
    margin: 0;
    accent-color: var(--accent);
  }

  .bar {
    display: flex;
    flex-wrap: wrap;
    gap: 0.375rem;
    align-items: center;
    padding: 0.5rem 0.75rem;
  }

  .bar .rest {
    flex: 1;
  }

  .message {
    margin: 0 0.75rem 0.5rem;
    border-inline-start: 3px solid var(--muted);
    padding: 0.25rem 0.625rem;
    color: var(--muted);
    font-size: 0.8125rem;
    overflow-wrap: anywhere;
  }

  .message.error {
    border-color: var(--error);
    color: var(--error);
  }

  .message:empty {
    display: none;
  }

  .empty {
    padding: 1rem 0.75rem;
    color: var(--muted);
  }

  .hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  /* Smaller text in a field makes phones zoom in on it. */
  @media (pointer: coarse) {
    button,
    select,
    input:not([type='checkbox']) {
      min-height: 2.5rem;
    }

    select,
    input:not([type='checkbox']) {
      font-size: 1rem;
    }
  }
`;
