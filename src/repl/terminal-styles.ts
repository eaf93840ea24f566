import { css } from 'lit';

/** Of the element; xterm's own comes besides. */
export const terminalStyles = css`
  :host {
    display: block;
    position: relative;
    min-height: 4rem;
    overflow: hidden;
    background: var(--_surface);
    color: var(--_text);
    font: 14px / 1.4 var(--_font-ui);
  }

  .screen {
    position: absolute;
    inset: 6px 0 6px 10px;
    font-family: var(--_font-mono);
    font-size: 13.5px;
  }

  .screen:focus-within::before {
    position: absolute;
    inset: -6px auto -6px -10px;
    width: 2px;
    background: var(--_accent);
    content: '';
  }

  .keys {
    position: absolute;
    inset: auto 0 0 0;
    display: none;
    border-top: 1px solid var(--_border);
    background: var(--_background);
  }

  .keys button {
    flex: 1;
    min-height: 2.75rem;
    border: 0;
    padding: 0;
    background: none;
    color: var(--_text);
    font: inherit;
  }

  @media (pointer: coarse) {
    .keys {
      display: flex;
    }

    .screen {
      bottom: 3.125rem;
    }
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
    color: var(--_muted);
    background: var(--_surface);
  }

  .status progress {
    width: min(16rem, 80%);
    accent-color: var(--_accent);
  }

  .status.failed {
    color: var(--_error);
  }

  .status button {
    border: 1px solid var(--_border);
    border-radius: 0.375rem;
    padding: 0.35em 1em;
    background: none;
    color: var(--_text);
    font: inherit;
    cursor: pointer;
  }

  .probes {
    position: absolute;
    width: 0;
    height: 0;
    overflow: hidden;
    visibility: hidden;
  }

  .probes i {
    transition: color 1ms;
  }
`;
