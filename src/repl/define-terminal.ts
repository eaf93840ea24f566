/** Registers `<glovebox-terminal>`. */
import { GloveboxTerminal } from './terminal-element';

if (customElements.get('glovebox-terminal') === undefined) {
  customElements.define('glovebox-terminal', GloveboxTerminal);
}

declare global {
  interface HTMLElementTagNameMap {
    'glovebox-terminal': GloveboxTerminal;
  }
}
