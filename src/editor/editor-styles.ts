import { css } from 'lit';

export const editorStyles = css`
  :host {
    container-type: inline-size;
    display: flex;
    flex-direction: column;
    min-height: 0;
    overflow: hidden;
    background: var(--_surface);
    color: var(--_text);
    font: 13px / 1.4 var(--_font-ui);
  }

  :host([embedded]) {
    min-height: 18rem;
    border: 1px solid var(--_border);
    border-radius: 0.5rem;
  }

  .bar {
    display: flex;
    flex: none;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.375rem;
    padding: 0.375rem 0.5rem;
    border-bottom: 1px solid var(--_border);
    background: var(--_background);
  }

  @media (pointer: coarse) {
    .bar button.plain {
      min-height: 2rem;
      padding: 0 0.375rem;
    }
  }

  .steps {
    display: inline-flex;
    align-items: center;
    gap: 0.375rem;
    color: var(--_muted);
  }

  .steps input {
    width: 7.5rem;
    min-height: 1.75rem;
    border: 1px solid var(--_border);
    border-radius: 0.375rem;
    padding: 0 0.5rem;
    background: var(--_surface);
    color: var(--_text);
    font: inherit;
    font-variant-numeric: tabular-nums;
  }

  .status {
    display: inline-flex;
    flex: 1 0 auto;
    align-items: center;
    justify-content: flex-end;
    gap: 0.375rem;
    color: var(--_muted);
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }

  @container (max-width: 44rem) {
    .last {
      display: none;
    }
  }

  .status::before {
    flex: none;
    width: 0.5rem;
    height: 0.5rem;
    border-radius: 50%;
    background: var(--_muted);
    content: '';
  }

  .status[data-activity='ready']::before {
    background: var(--_ok);
  }

  .status[data-activity='running']::before,
  .status[data-activity='input']::before,
  .status[data-activity='stopping']::before,
  .status[data-activity='starting']::before {
    background: var(--_warning);
  }

  .status[data-activity='failed']::before {
    background: var(--_error);
  }

  .tab-row {
    display: flex;
    flex: none;
    align-items: stretch;
    border-bottom: 1px solid var(--_border);
    background: var(--_background);
  }

  .tabs {
    display: flex;
    flex: 1;
    min-width: 0;
    overflow-x: auto;
    scrollbar-width: none;
  }

  .tabs button {
    gap: 0.375rem;
    max-width: 14rem;
    min-height: 2rem;
    border: 0;
    border-right: 1px solid var(--_border);
    border-radius: 0;
    background: transparent;
    color: var(--_muted);
    font-weight: 450;
  }

  .tabs button span {
    overflow: hidden;
    text-overflow: ellipsis;
  }

  .tabs button[aria-selected='true'] {
    background: var(--_surface);
    box-shadow: inset 0 2px 0 var(--_accent);
    color: var(--_text);
    font-weight: 550;
  }

  .tabs .unsaved::after {
    flex: none;
    width: 0.5rem;
    height: 0.5rem;
    border-radius: 50%;
    background: var(--_warning);
    content: '';
  }

  .tab-row > button {
    min-height: 2rem;
    border: 0;
    border-radius: 0;
  }

  .message {
    display: flex;
    flex: none;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.5rem;
    margin: 0;
    border-bottom: 1px solid var(--_border);
    padding: 0.5rem 0.75rem;
    color: var(--_error);
  }

  .code {
    position: relative;
    flex: 1;
    min-height: 0;
    overflow: hidden;
  }

  :host([embedded]) .code {
    min-height: 8rem;
  }

  .code > .view {
    height: 100%;
  }

  .code:focus-within {
    box-shadow: inset 2px 0 0 var(--_accent);
  }

  .unloaded {
    margin: 0;
    padding: 0.5rem 0.75rem 0.5rem 3rem;
    font: 13.5px / 1.55 var(--_font-mono);
    white-space: pre;
  }

  .described {
    display: grid;
    gap: 0.5rem;
    place-content: center;
    height: 100%;
    padding: 1.5rem;
    color: var(--_muted);
    text-align: center;
  }

  .described strong {
    color: var(--_text);
  }

  glovebox-terminal {
    flex: none;
    height: 11rem;
    border-top: 1px solid var(--_border);
  }

  progress {
    width: 7rem;
    height: 0.375rem;
    accent-color: var(--_accent);
  }
`;
