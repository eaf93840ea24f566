/** SVG of a guest's as a picture: an `img` runs nothing, fetches nothing, and is not part of the page. */
import { purify } from './purify';

/** What the picture may be at least and at most, in pixels, where it says how large it is. */
const LARGEST_SIDE = 4096;

/** The address of the picture. Throws `RangeError` for what is no SVG, or has too many elements. */
export function svgAddress(markup: string): string {
  const svg = purify(markup, 'svg').querySelector('svg');
  if (svg === null) throw new RangeError('it has no svg element');
  for (const side of ['width', 'height']) {
    const value = svg.getAttribute(side);
    if (value === null) continue;
    const pixels = Number.parseFloat(value);
    // Without one the picture is as large as its place.
    if (!(pixels > 0 && pixels <= LARGEST_SIDE)) svg.removeAttribute(side);
  }
  const text = new XMLSerializer().serializeToString(svg);
  return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
}
