/** The engines, each by the same few commands. */
import { openChromium } from './chromium.mjs';
import { openFirefox } from './firefox.mjs';
import { openWebKit } from './webkit.mjs';

/**
 * @typedef {{
 *   version: string,
 *   open: (address: string) => Promise<void>,
 *   read: (expression: string) => Promise<unknown>,
 *   close: () => Promise<void>,
 * }} Browser
 *   `open`: goes there and waits until it is loaded. `read`: the value of a JavaScript expression, as
 *   far as JSON can carry it; undefined if the page is on its way elsewhere.
 */

/** @type {Readonly<Record<string, () => Promise<Browser>>>} */
export const engines = {
  chromium: openChromium,
  firefox: openFirefox,
  webkit: () => openWebKit({ shared: true }),
  'webkit-stock': () => openWebKit({ shared: false }),
};
