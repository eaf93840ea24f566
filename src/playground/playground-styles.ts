import { css } from 'lit';

export const playgroundStyles = css`
  :host {
    display: grid;
    grid-template-rows: auto auto minmax(0, 1fr) auto auto;
    grid-template-columns: minmax(0, 1fr);
    height: 100%;
    background: var(--_background);
    color: var(--_text);
    font: 13px / 1.4 var(--_font-ui);
  }

  header {
    display: flex;
    align-items: center;
    gap: 0.25rem;
    min-width: 0;
    height: 2.75rem;
    border-bottom: 1px solid var(--_border);
    padding: 0 0.5rem 0 0.75rem;
  }

  h1 {
    display: flex;
    flex: none;
    align-items: center;
    gap: 0.5rem;
    margin: 0 0.5rem 0 0;
    font-size: 14px;
    font-weight: 650;
    letter-spacing: -0.01em;
  }

  h1 img {
    width: 1.25rem;
    height: 1.25rem;
  }

  header .project {
    flex: 0 1 auto;
    font-weight: 550;
  }

  header .space {
    flex: 1;
  }

  header button {
    min-height: 2rem;
    padding: 0 0.5rem;
  }

  .banner {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.5rem 0.75rem;
    margin: 0;
    border-bottom: 1px solid var(--_border);
    padding: 0.375rem 0.75rem;
    background: color-mix(in srgb, var(--_warning) 12%, var(--_surface));
  }

  .banner.error {
    background: color-mix(in srgb, var(--_error) 12%, var(--_surface));
  }

  .banner span {
    flex: 1 1 16rem;
    overflow-wrap: anywhere;
  }

  main {
    display: flex;
    grid-row: 3;
    min-height: 0;
  }

  playground-files {
    flex: none;
    width: var(--files-width, 13rem);
  }

  glovebox-editor {
    flex: 1;
    min-width: 16rem;
  }

  .side {
    display: flex;
    flex: none;
    flex-direction: column;
    width: var(--side-width, 28rem);
    min-width: 0;
    background: var(--_surface);
  }

  .side-head {
    display: flex;
    flex: none;
    align-items: center;
    min-height: 2.5rem;
    border-bottom: 1px solid var(--_border);
    padding: 0 0.375rem;
    background: var(--_background);
  }

  .side-head h2 {
    flex: 1;
    margin: 0;
    padding: 0 0.375rem;
    color: var(--_muted);
    font-size: 12px;
    font-weight: 600;
  }

  .side-head [role='tablist'] {
    display: flex;
    flex: 1;
  }

  .side-head [role='tab'] {
    min-height: 2.5rem;
    border: 0;
    border-radius: 0;
    background: transparent;
    color: var(--_muted);
    font-size: 12px;
  }

  .side-head [role='tab'][aria-selected='true'] {
    box-shadow: inset 0 -2px 0 var(--_accent);
    color: var(--_text);
  }

  .side > .part {
    flex: 1;
    min-height: 0;
    overflow: auto;
  }

  .side > .part.console {
    overflow: hidden;
  }

  .side > .part.console:not([hidden]) {
    display: flex;
    flex-direction: column;
  }

  glovebox-terminal {
    flex: 1;
    min-height: 0;
  }

  footer {
    display: flex;
    grid-row: 4;
    align-items: center;
    gap: 0.25rem 1rem;
    min-height: 1.625rem;
    border-top: 1px solid var(--_border);
    padding: 0 0.75rem;
    color: var(--_muted);
    font-size: 12px;
    white-space: nowrap;
  }

  footer span {
    overflow: hidden;
    text-overflow: ellipsis;
  }

  footer .space {
    flex: 1;
  }

  .panes {
    display: none;
    grid-row: 5;
  }

  [hidden] {
    display: none !important;
  }

  .icon-only svg {
    width: 1.125rem;
    height: 1.125rem;
  }

  @media (max-width: 760px) {
    h1 span,
    header .word,
    footer,
    playground-splitter {
      display: none;
    }

    header {
      gap: 0;
      height: 3rem;
      padding: 0 0.25rem 0 0.75rem;
    }

    header .project {
      flex: 1 1 auto;
    }

    header .space {
      display: none;
    }

    header playground-menu:not(.project) {
      flex: none;
    }

    main > *,
    main > playground-files,
    main > .side {
      width: 100%;
      min-width: 0;
    }

    main:not([data-pane='files']) > playground-files,
    main:not([data-pane='code']) > glovebox-editor,
    main:not([data-pane='side']) > .side {
      display: none;
    }

    .panes {
      display: flex;
      border-top: 1px solid var(--_border);
      padding-bottom: env(safe-area-inset-bottom);
    }

    .panes button {
      flex: 1;
      min-height: 3rem;
      border: 0;
      border-radius: 0;
      background: transparent;
      color: var(--_muted);
    }

    .panes button[aria-pressed='true'] {
      box-shadow: inset 0 2px 0 var(--_accent);
      color: var(--_text);
    }

    .panes .news::after {
      width: 0.5rem;
      height: 0.5rem;
      border-radius: 50%;
      background: var(--_warning);
      content: '';
    }
  }
`;
