import { css } from 'lit';

/** Of the element; xterm's own comes besides. */
export const style = css`
  :host {
    --background: var(--glovebox-background, light-dark(#ffffff, #0d1117));
    --text: var(--glovebox-text, light-dark(#1f2328, #e6edf3));
    --muted: var(--glovebox-muted, light-dark(#59636e, #9198a1));
    --accent: var(--glovebox-accent, light-dark(#0969da, #58a6ff));
    --border: var(--glovebox-border, light-dark(#d1d9e0, #3d444d));
    --error: var(--glovebox-error, light-dark(#b3202a, #ff7b72));
    --font-mono: var(--glovebox-font-mono, ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace);
    --font-ui: var(--glovebox-font-ui, system-ui, sans-serif);
    color-scheme: light dark;
    display: block;
    position: relative;
    block-size: 24rem;
    min-block-size: 4rem;
    overflow: hidden;
    box-sizing: border-box;
    border: 1px solid var(--border);
    border-radius: 6px;
    background: var(--background);
    color: var(--text);
    font: 14px / 1.4 var(--font-ui);
  }
  :host([hidden]) {
    display: none;
  }
  :host(:focus-within) {
    outline: 2px solid var(--accent);
    outline-offset: 1px;
  }
  .screen {
    position: absolute;
    inset: 6px 0 6px 8px;
    font-family: var(--font-mono);
    font-size: 14px;
  }
  .status {
    position: absolute;
    inset: 0;
    display: flex;
    flex-direction: column;
    gap: 0.75rem;
    align-items: center;
    justify-content: center;
    padding: 1rem;
    text-align: center;
    color: var(--muted);
    background: var(--background);
  }
  .status progress {
    inline-size: min(16rem, 80%);
    accent-color: var(--accent);
  }
  .status.failed {
    color: var(--error);
  }
  .status button {
    font: inherit;
    padding: 0.35em 1em;
    border: 1px solid var(--border);
    border-radius: 6px;
    background: none;
    color: var(--text);
    cursor: pointer;
  }
  .status button:focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }
  .probes {
    position: absolute;
    inline-size: 0;
    block-size: 0;
    overflow: hidden;
    visibility: hidden;
  }
  .probes i {
    transition: color 1ms;
  }
`;
