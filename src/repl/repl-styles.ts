import { css } from 'lit';

export const replStyles = css`
  :host {
    display: block;
    height: 24rem;
    min-height: 4rem;
    border: 1px solid var(--_border);
    border-radius: 0.5rem;
    overflow: hidden;
  }

  :host(:focus-within) {
    outline: 2px solid var(--_accent);
    outline-offset: 1px;
  }

  glovebox-terminal {
    height: 100%;
  }
`;
