/** Letters, buttons and fields of all elements here, in the colours that all elements share. */
import { css } from 'lit';
import { themeStyles } from '../theme/theme';

const inspectStyles = css`
  :host {
    display: block;
    box-sizing: border-box;
    container-type: inline-size;
    background: var(--_surface);
    color: var(--_text);
    font: 0.875rem / 1.5 var(--_font-ui);
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
    font-family: var(--_font-mono);
    font-size: 0.8125rem;
  }

  button,
  select,
  input:not([type='checkbox']) {
    min-height: 2rem;
    padding: 0.125rem 0.625rem;
    border: 1px solid var(--_border);
    border-radius: 0.5rem;
    background: var(--_surface);
    color: var(--_text);
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
    border-color: var(--_muted);
  }

  button:disabled,
  select:disabled,
  input:disabled {
    opacity: 0.55;
    cursor: default;
  }

  button[aria-pressed='true'] {
    border-color: var(--_accent);
    color: var(--_accent);
  }

  button.plain {
    border-color: transparent;
    background: transparent;
    color: var(--_muted);
  }

  button.plain:hover:enabled {
    color: var(--_text);
  }

  button.danger {
    color: var(--_error);
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
    accent-color: var(--_accent);
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
    border-inline-start: 3px solid var(--_muted);
    padding: 0.25rem 0.625rem;
    color: var(--_muted);
    font-size: 0.8125rem;
    overflow-wrap: anywhere;
  }

  .message.error {
    border-color: var(--_error);
    color: var(--_error);
  }

  .message:empty {
    display: none;
  }

  .empty {
    padding: 1rem 0.75rem;
    color: var(--_muted);
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

export const theme = [themeStyles, inspectStyles];
