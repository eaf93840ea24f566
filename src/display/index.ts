/** Pictures rather than text: what guests show on a page. */
export type { Content, DisplayItem, Question } from './content';
export { createDisplay, type Display, type DisplayOptions } from './display';
export { DisplayElement } from './display-element';
export { DEFAULT_DISPLAY_LIMITS, type DisplayLimits } from './limits';
