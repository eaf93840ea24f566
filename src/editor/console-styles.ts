import { css } from 'lit';

export const consoleStyles = css`
  :host {
    --_black: light-dark(#1d2421, #98a39e);
    --_red: light-dark(#b3261e, #ff8a80);
    --_green: light-dark(#1a7f37, #6fd38a);
    --_yellow: light-dark(#8a5a00, #f0b64d);
    --_blue: light-dark(#1f5fbf, #82b1ff);
    --_magenta: light-dark(#8a3ab0, #d9a0f5);
    --_cyan: light-dark(#0b7285, #67d0e0);
    --_white: light-dark(#5c6762, #e3e8e5);
    display: block;
    min-height: 0;
    overflow: hidden;
    background: var(--_surface);
    color: var(--_text);
  }

  .scroller {
    height: 100%;
    padding: 0.5rem 0.75rem;
    overflow-y: auto;
    font: 13px / 1.5 var(--_font-mono);
    tab-size: 8;
    cursor: text;
  }

  pre {
    margin: 0;
    font: inherit;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }

  .stderr {
    color: var(--_error);
  }

  .typed {
    color: var(--_accent);
  }

  .note,
  .output-cut {
    color: var(--_muted);
    font-family: var(--_font-ui);
    font-size: 12.5px;
  }

  .output-cut {
    margin-bottom: 0.5rem;
    border-bottom: 1px dashed var(--_border);
  }

  .ansi-bold {
    font-weight: 700;
  }

  .ansi-underlined {
    text-decoration: underline;
  }

  .ansi-black {
    color: var(--_black);
  }

  .ansi-red {
    color: var(--_red);
  }

  .ansi-green {
    color: var(--_green);
  }

  .ansi-yellow {
    color: var(--_yellow);
  }

  .ansi-blue {
    color: var(--_blue);
  }

  .ansi-magenta {
    color: var(--_magenta);
  }

  .ansi-cyan {
    color: var(--_cyan);
  }

  .ansi-white {
    color: var(--_white);
  }

  .prompt {
    display: flex;
    gap: 1ch;
  }

  .prompt textarea {
    flex: 1;
    min-width: 0;
    padding: 0;
    border: 0;
    background: transparent;
    color: inherit;
    font: inherit;
    white-space: pre-wrap;
    resize: none;
    overflow: hidden;
  }

  .prompt textarea:focus-visible {
    outline: none;
  }

  :host(:focus-within) .scroller {
    box-shadow: inset 2px 0 0 var(--_accent);
  }

  .prompt-marks {
    color: var(--_accent);
    font-weight: 600;
    white-space: pre;
    user-select: none;
  }

  .prompt[data-mode='busy'] .prompt-marks {
    visibility: hidden;
  }

  .prompt[data-mode='input'] {
    margin-top: 0.25rem;
    border-left: 3px solid var(--_warning);
    padding-left: 0.5rem;
  }

  .prompt[data-mode='input'] .prompt-marks {
    color: var(--_warning);
  }

  textarea::placeholder {
    color: var(--_muted);
    opacity: 1;
  }
`;
