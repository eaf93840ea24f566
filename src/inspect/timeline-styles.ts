import { css } from 'lit';

export const timelineStyles = css`
  :host {
    position: relative;
  }

  :host(.dropping)::after {
    position: absolute;
    inset: 0.25rem;
    display: grid;
    place-items: center;
    border: 2px dashed var(--_accent);
    border-radius: 0.5rem;
    background: color-mix(in srgb, var(--_surface) 90%, transparent);
    color: var(--_accent);
    font-weight: 600;
    content: 'Drop a saved session here';
  }

  ol {
    padding: 0 0.75rem 0.5rem;
  }

  li {
    position: relative;
    display: flex;
    flex-wrap: wrap;
    gap: 0.125rem 0.75rem;
    align-items: center;
    padding: 0.375rem 0 0.375rem 1.5rem;
  }

  li::before {
    position: absolute;
    inset-block: 0;
    inset-inline-start: 0.4375rem;
    width: 2px;
    background: var(--_border);
    content: '';
  }

  li:first-child::before {
    inset-block-start: 50%;
  }

  li:last-child::before {
    inset-block-end: 50%;
  }

  li:only-child::before {
    display: none;
  }

  .dot {
    position: absolute;
    inset-block-start: calc(50% - 0.3125rem);
    inset-inline-start: 0.1875rem;
    width: 0.625rem;
    height: 0.625rem;
    border: 2px solid var(--_accent);
    border-radius: 50%;
    background: var(--_surface);
  }

  .hand .dot {
    background: var(--_accent);
  }

  .what {
    flex: 1 1 10rem;
    min-width: 0;
  }

  .name {
    font-weight: 600;
    overflow-wrap: anywhere;
  }

  .about {
    color: var(--_muted);
    font-size: 0.75rem;
    font-variant-numeric: tabular-nums;
  }

  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 0.25rem;
  }

  .what input {
    width: 100%;
    max-width: 20rem;
  }

  progress {
    width: 8rem;
    height: 0.375rem;
    accent-color: var(--_accent);
  }
`;
