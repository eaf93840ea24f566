import { AccountElement } from './account-element';

customElements.define('glovebox-account', AccountElement);
