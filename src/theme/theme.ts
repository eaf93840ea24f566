/**
 * Colours and type of all elements: whatever a page sets as `--glovebox-…` has precedence. Light or dark is the page's
 * `color-scheme`, or what the attribute `theme` says.
 */
import { css } from 'lit';

/** The names with an underscore are for the elements alone. */
export const themeStyles = css`
  :host {
    --_background: var(--glovebox-background, light-dark(#f4f5f1, #131716));
    --_surface: var(--glovebox-surface, light-dark(#ffffff, #1a1f1d));
    --_text: var(--glovebox-text, light-dark(#1d2421, #e3e8e5));
    --_muted: var(--glovebox-muted, light-dark(#56615c, #9aa5a0));
    --_accent: var(--glovebox-accent, light-dark(#0f6b57, #4cc2a3));
    --_on-accent: var(--glovebox-on-accent, light-dark(#ffffff, #0c1512));
    --_border: var(--glovebox-border, light-dark(#d5dad5, #313835));
    --_error: var(--glovebox-error, light-dark(#b3261e, #ff8a80));
    --_warning: var(--glovebox-warning, light-dark(#8a5a00, #f0b64d));
    --_ok: var(--glovebox-ok, light-dark(#1a7f37, #6fd38a));
    --_hover: color-mix(in srgb, var(--_text) 7%, transparent);
    --_selected: color-mix(in srgb, var(--_accent) 14%, transparent);
    --_font-mono: var(
      --glovebox-font-mono,
      ui-monospace,
      'SF Mono',
      'Cascadia Code',
      'DejaVu Sans Mono',
      Menlo,
      Consolas,
      monospace
    );
    --_font-ui: var(
      --glovebox-font-ui,
      system-ui,
      -apple-system,
      'Segoe UI',
      'Liberation Sans',
      sans-serif
    );
  }

  :host([theme='auto']) {
    color-scheme: light dark;
  }

  :host([theme='light']) {
    color-scheme: light;
  }

  :host([theme='dark']) {
    color-scheme: dark;
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
    outline: 2px solid var(--_accent);
    outline-offset: -2px;
  }
`;

export const buttonStyles = css`
  button,
  .button {
    display: inline-flex;
    flex: none;
    align-items: center;
    justify-content: center;
    gap: 0.375rem;
    min-height: 1.75rem;
    padding: 0 0.625rem;
    border: 1px solid var(--_border);
    border-radius: 0.375rem;
    background: var(--_surface);
    color: var(--_text);
    font: inherit;
    font-weight: 500;
    white-space: nowrap;
    cursor: pointer;
  }

  button:hover:enabled {
    background: color-mix(in srgb, var(--_text) 7%, var(--_surface));
  }

  button:disabled {
    color: color-mix(in srgb, var(--_muted) 60%, transparent);
    cursor: default;
  }

  button.primary {
    border-color: transparent;
    background: var(--_accent);
    color: var(--_on-accent);
  }

  button.primary:hover:enabled {
    background: color-mix(in srgb, var(--_text) 14%, var(--_accent));
  }

  button.primary:disabled {
    background: color-mix(in srgb, var(--_accent) 25%, var(--_surface));
    color: var(--_muted);
  }

  button.danger:enabled {
    border-color: var(--_error);
    color: var(--_error);
  }

  button.plain {
    border-color: transparent;
    background: transparent;
  }

  button.plain:hover:enabled {
    background: var(--_hover);
  }

  button[aria-pressed='true'] {
    background: var(--_selected);
  }

  button svg {
    width: 1rem;
    height: 1rem;
    fill: none;
    stroke: currentColor;
    stroke-linecap: round;
    stroke-linejoin: round;
    stroke-width: 1.5;
  }

  @media (pointer: coarse) {
    button,
    .button {
      min-height: 2.5rem;
    }
  }
`;
