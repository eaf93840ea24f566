import { css } from 'lit';

export const variablesStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    overflow: hidden;
  }

  .list {
    flex: 1;
    min-height: 4rem;
    overflow: auto;
    border-top: 1px solid var(--_border);
    font-size: 0.8125rem;
  }

  .list:focus-visible {
    outline-offset: -2px;
  }

  .row {
    display: grid;
    grid-template-columns: minmax(6rem, 14rem) minmax(3rem, 8rem) minmax(0, 1fr) max-content;
    gap: 0 0.75rem;
    align-items: start;
    padding: 0.1875rem 0.75rem;
  }

  .head {
    position: sticky;
    top: 0;
    z-index: 1;
    border-bottom: 1px solid var(--_border);
    background: var(--_surface);
    color: var(--_muted);
  }

  .row.active {
    background: color-mix(in srgb, var(--_accent) 16%, transparent);
  }

  .opens,
  .more {
    cursor: pointer;
  }

  .row:not(.head):hover {
    background: color-mix(in srgb, var(--_accent) 8%, transparent);
  }

  .label {
    display: flex;
    gap: 0.25rem;
    font-family: var(--_font-mono);
    overflow-wrap: anywhere;
  }

  .indent {
    flex: none;
    width: calc(var(--level) * 0.875rem);
  }

  .arrow {
    flex: none;
    width: 1rem;
    color: var(--_muted);
  }

  .changed .name {
    color: var(--_accent);
    font-weight: 650;
  }

  .changed .name::after {
    /* Who can't see it hears that it has changed. */
    content: ' •' / '';
  }

  .type,
  .size {
    color: var(--_muted);
    overflow-wrap: anywhere;
  }

  .text {
    font-family: var(--_font-mono);
    overflow-wrap: anywhere;
  }

  .more .label {
    grid-column: 1 / -1;
    color: var(--_accent);
    font-family: var(--_font-ui);
  }

  @container (max-width: 30rem) {
    .row {
      grid-template-columns: minmax(5rem, 2fr) minmax(0, 3fr);
    }

    .head .type,
    .head .size {
      display: none;
    }

    .type,
    .size {
      grid-row: 2;
      font-size: 0.75rem;
    }

    .row > .type {
      padding-inline-start: 1.25rem;
    }
  }
`;
