import { css } from 'lit';

export const ROW_HEIGHT = 28;

export const accountStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-height: 12rem;
    overflow: hidden;
  }

  .tabs {
    display: flex;
    gap: 0.25rem;
  }

  .tabs button {
    border-color: transparent;
    border-radius: 0;
    border-bottom: 2px solid transparent;
    background: transparent;
    color: var(--_muted);
  }

  .tabs button:hover:enabled {
    border-color: transparent;
    color: var(--_text);
  }

  .tabs button[aria-selected='true'],
  .tabs button[aria-selected='true']:hover:enabled {
    border-bottom-color: var(--_accent);
    color: var(--_text);
  }

  .panel {
    display: flex;
    flex: 1;
    flex-direction: column;
    min-height: 0;
  }

  .filters {
    border-block: 1px solid var(--_border);
    background: var(--_background);
  }

  .filters input {
    flex: 1 1 7rem;
    min-width: 5rem;
  }

  .filters select {
    flex: 0 1 9rem;
    min-width: 6rem;
  }

  .counts {
    flex: none;
    max-height: 8rem;
    margin: 0.5rem 0.75rem;
    overflow: auto;
  }

  table {
    width: 100%;
    border-collapse: collapse;
    font-size: 0.8125rem;
    font-variant-numeric: tabular-nums;
  }

  th,
  td {
    padding: 0.125rem 0.5rem 0.125rem 0;
    text-align: start;
    overflow-wrap: anywhere;
  }

  th {
    color: var(--_muted);
    font-weight: 500;
  }

  .number,
  td.number {
    text-align: end;
  }

  .list {
    position: relative;
    flex: 1;
    min-height: 6rem;
    overflow: auto;
    overflow-anchor: none;
    font-size: 0.8125rem;
  }

  .list:focus-visible {
    outline-offset: -2px;
  }

  .row {
    display: grid;
    grid-template-columns: 5.5rem 4.5rem minmax(0, 1fr) auto;
    gap: 0.625rem;
    align-items: center;
    height: ${ROW_HEIGHT}px;
    padding: 0 0.75rem;
    font-variant-numeric: tabular-nums;
    cursor: pointer;
  }

  .head {
    position: sticky;
    top: 0;
    z-index: 1;
    border-bottom: 1px solid var(--_border);
    background: var(--_surface);
    color: var(--_muted);
    cursor: default;
  }

  .row:not(.head):hover {
    background: color-mix(in srgb, var(--_accent) 8%, transparent);
  }

  .row.active {
    background: color-mix(in srgb, var(--_accent) 16%, transparent);
  }

  .row > * {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .row .number {
    color: var(--_muted);
    text-align: end;
  }

  .row .line {
    font-family: var(--_font-mono);
  }

  .row .end {
    min-width: 4.5rem;
    font-family: var(--_font-mono);
    text-align: end;
  }

  .failed .end {
    color: var(--_error);
    font-weight: 600;
  }

  .done .end {
    color: var(--_muted);
  }

  .detail {
    max-height: 50%;
    border-top: 1px solid var(--_border);
    padding: 0.5rem 0.75rem;
    background: var(--_background);
    overflow: auto;
  }

  .detail header {
    display: flex;
    flex-wrap: wrap;
    gap: 0.375rem;
    align-items: center;
    justify-content: space-between;
  }

  .detail h3 {
    font-size: 0.875rem;
    font-weight: 600;
  }

  .detail h4 {
    margin: 0.5rem 0 0.125rem;
    color: var(--_muted);
    font-weight: 500;
    font-size: 0.75rem;
  }

  .detail dl {
    display: grid;
    grid-template-columns: minmax(4rem, max-content) minmax(0, 1fr);
    gap: 0.125rem 0.75rem;
    font-size: 0.8125rem;
  }

  .detail dt {
    color: var(--_muted);
  }

  .detail dd {
    font-family: var(--_font-mono);
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }

  @container (max-width: 34rem) {
    .row {
      grid-template-columns: 3.5rem minmax(0, 1fr) auto;
      gap: 0.5rem;
    }

    .row .when {
      display: none;
    }

    .counts {
      max-height: 6rem;
    }

    .row .end {
      min-width: 0;
    }
  }
`;
