import { VariablesElement } from './variables-element';

customElements.define('glovebox-variables', VariablesElement);
