import { ErrorElement } from './error-element';

customElements.define('glovebox-error', ErrorElement);
