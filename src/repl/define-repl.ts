/** Makes `<glovebox-repl>` known to the page. */
import './define-terminal';
import { GloveboxRepl } from './repl-element';

if (customElements.get('glovebox-repl') === undefined) {
  customElements.define('glovebox-repl', GloveboxRepl);
}

export { GloveboxRepl };

declare global {
  interface HTMLElementTagNameMap {
    'glovebox-repl': GloveboxRepl;
  }
}
