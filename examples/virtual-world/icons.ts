/** Drawings of the things, as paths in a square of 24. */
import type { Shape } from './thing';

const SVG = 'http://www.w3.org/2000/svg';

const PATHS: Readonly<Record<Shape, string>> = {
  person: 'M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8ZM4.5 21c.5-5 3.4-7.5 7.5-7.5s7 2.5 7.5 7.500Z',
  sword:
    'M20.5 3.5 19.5 8 11 16.5 13 18.5 11.5 20 8.8 17.3 5.8 20.3 3.7 18.2 6.7 15.2 4 12.5 5.5 11 7.5 13 16 4.500Z',
  parrot:
    'M13 3c4 0 6.5 2.6 6.5 6.200L22 11l-2.7 1C18.5 17 14.5 20 9 20l-5 2 2.5-5C6 9.5 7.5 3 13 3Zm1.5 4a1.3 1.3 0 1 0 0 2.6 1.3 1.3 0 0 0 0-2.600Z',
  spy: 'M8 3h8l1.5 6H22v2H2V9h4.500ZM7 13a3.5 3.5 0 0 1 3.3 2.300h3.400A3.5 3.5 0 1 1 13.6 17.500h-3.200A3.5 3.5 0 1 1 7 13Z',
  dummy: 'M12 2a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7ZM3 10h18v2.500h-6V19h3v3H6v-3h3v-6.500H3Z',
  kitten:
    'M4 3l4.5 4h7L20 3v10c0 4.5-3.5 8-8 8s-8-3.5-8-8Zm4.5 8a1.3 1.3 0 1 0 0 2.6 1.3 1.3 0 0 0 0-2.600Zm7 0a1.3 1.3 0 1 0 0 2.6 1.3 1.3 0 0 0 0-2.600ZM12 15l-1.5 1.500h3Z',
};

export function iconOf(shape: Shape): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', PATHS[shape]);
  path.setAttribute('fill-rule', 'evenodd');
  svg.append(path);
  return svg;
}
