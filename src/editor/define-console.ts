/** Registers `<glovebox-console>`. */
import { GloveboxConsole } from './console-element';

if (customElements.get('glovebox-console') === undefined) {
  customElements.define('glovebox-console', GloveboxConsole);
}

declare global {
  interface HTMLElementTagNameMap {
    'glovebox-console': GloveboxConsole;
  }
}
