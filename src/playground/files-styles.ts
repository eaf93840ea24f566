import { css } from 'lit';

export const filesStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-height: 0;
    overflow: hidden;
    background: var(--_background);
    color: var(--_text);
    font: 13px / 1.4 var(--_font-ui);
  }

  .head {
    display: flex;
    flex: none;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.125rem;
    min-height: 2.5rem;
    border-bottom: 1px solid var(--_border);
    padding: 0.25rem 0.25rem 0.25rem 0.75rem;
  }

  h2 {
    flex: 1;
    margin: 0;
    color: var(--_muted);
    font-size: 12px;
    font-weight: 600;
  }

  .head button {
    padding: 0 0.375rem;
    color: var(--_muted);
  }

  .tree {
    position: relative;
    flex: 1;
    min-height: 4rem;
    overflow: auto;
  }

  :host(.over) .tree {
    outline: 2px dashed var(--_accent);
    outline-offset: -4px;
  }

  .row {
    position: absolute;
    right: 0;
    left: 0;
    display: flex;
    align-items: center;
    gap: 0.375rem;
    height: 26px;
    padding-right: 0.5rem;
    cursor: default;
    user-select: none;
  }

  .row:hover {
    background: var(--_hover);
  }

  .row[aria-selected='true'] {
    background: var(--_selected);
  }

  .row.shown .name {
    font-weight: 600;
  }

  .row svg {
    flex: none;
    width: 1rem;
    height: 1rem;
    fill: none;
    stroke: var(--_muted);
    stroke-linejoin: round;
    stroke-width: 1.3;
  }

  .row .fold {
    display: inline-flex;
    flex: none;
    width: 0.75rem;
    transform: rotate(-90deg);
  }

  .row .fold.unfolded {
    transform: none;
  }

  .row .fold svg {
    width: 0.75rem;
  }

  .name {
    flex: 1;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .size {
    flex: none;
    color: var(--_muted);
    font-size: 11.5px;
    font-variant-numeric: tabular-nums;
  }

  .actions {
    display: flex;
    flex: none;
    gap: 0.125rem;
    border-top: 1px solid var(--_border);
    padding: 0.25rem;
  }

  .actions button {
    flex: 1;
    padding: 0 0.25rem;
    color: var(--_muted);
    font-weight: 450;
  }

  .empty {
    margin: 0;
    padding: 0.75rem;
    color: var(--_muted);
  }

  .coming {
    display: grid;
    flex: none;
    gap: 0.25rem;
    border-top: 1px solid var(--_border);
    padding: 0.5rem 0.75rem;
    color: var(--_muted);
  }

  .coming span {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  progress {
    width: 100%;
    height: 0.375rem;
    accent-color: var(--_accent);
  }

  @media (pointer: coarse) {
    .row {
      height: 40px;
    }
  }
`;
