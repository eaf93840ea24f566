/** The ratios as a picture: one line for each program, one dot for each engine, native at 1. */
import { geometricMean, ratios } from './statistics.mjs';

/**
 * @typedef {import('./statistics.mjs').ProgramTimes} ProgramTimes
 * @typedef {{ name: string, title: string, colour: string }} PlottedEngine
 */

const WIDTH = 900;
const LEFT = 150;
const RIGHT = 24;
const TOP = 64;
const ROW = 20;
const BOTTOM = 32;
const RADIUS = 4;
/** Where the scale has lines, as far as it reaches. */
const MARKS = [0.25, 0.5, 1, 1.5, 2, 3, 5, 8, 12, 20, 30, 50, 100];

/**
 * @param {readonly ProgramTimes[]} programs
 * @param {readonly PlottedEngine[]} engines
 * @param {string} base the engine that the others are compared with
 * @param {string} caption
 * @returns {string} an SVG document
 */
export function plot(programs, engines, base, caption) {
  const rows = [
    ...programs.map((program) => ({ name: program.name, dots: dotsOf(program, engines, base) })),
    { name: 'geometric mean', dots: meansOf(programs, engines, base) },
  ];
  const place = logarithmicScale(
    rows.flatMap(({ dots }) => dots.flatMap(({ low, high }) => [low, high])),
  );
  const height = TOP + rows.length * ROW + BOTTOM;
  const bottom = height - BOTTOM;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    text(LEFT, 18, caption),
    ...engines.map(({ title, colour }, index) => {
      const x = LEFT + (index % 3) * 240;
      const y = 34 + Math.floor(index / 3) * 16;
      return `<circle cx="${x}" cy="${y - 4}" r="${RADIUS}" fill="${colour}"/>${text(x + 9, y, title)}`;
    }),
    ...MARKS.filter((mark) => place.covers(mark)).map((mark) => {
      const x = place.at(mark);
      const stroke = mark === 1 ? '#555' : '#ddd';
      const line = `<line x1="${x}" x2="${x}" y1="${TOP - 6}" y2="${bottom}" stroke="${stroke}"/>`;
      return line + text(x, bottom + 16, `${mark}×`, 'middle');
    }),
    ...rows.map(({ name, dots }, index) => {
      const y = TOP + index * ROW + ROW / 2;
      return (
        text(LEFT - 10, y + 4, name, 'end') + dots.map((dot) => drawDot(dot, y, place)).join('')
      );
    }),
    '</svg>',
    '',
  ].join('\n');
}

/** @typedef {{ colour: string, title: string, ratio: number, low: number, high: number }} Dot */

/**
 * From the quickest to the slowest run, over the median of the base.
 * @param {ProgramTimes} program
 * @param {readonly PlottedEngine[]} plotted
 * @param {string} base
 * @returns {Dot[]}
 */
function dotsOf({ name, engines }, plotted, base) {
  const native = engines[base]?.medianMs;
  return plotted.flatMap(({ name: engine, title, colour }) => {
    const spread = engines[engine];
    if (spread === undefined || native === undefined) return [];
    const ratio = spread.medianMs / native;
    return {
      colour,
      title: `${name}, ${title}: ${ratio.toFixed(2)}`,
      ratio,
      low: spread.minMs / native,
      high: spread.maxMs / native,
    };
  });
}

/**
 * @param {readonly ProgramTimes[]} programs
 * @param {readonly PlottedEngine[]} plotted
 * @param {string} base
 * @returns {Dot[]}
 */
function meansOf(programs, plotted, base) {
  return plotted.flatMap(({ name, title, colour }) => {
    const values = ratios(programs, name, base).map(({ ratio }) => ratio);
    if (values.length === 0) return [];
    const mean = geometricMean(values);
    const told = `${title}: ${mean.toFixed(2)} (${values.length} programs)`;
    return { colour, title: told, ratio: mean, low: mean, high: mean };
  });
}

/**
 * @param {Dot} dot
 * @param {number} y
 * @param {ReturnType<typeof logarithmicScale>} place
 */
function drawDot({ colour, title, ratio, low, high }, y, place) {
  const [from, to] = [place.at(low), place.at(high)];
  return (
    `<g><title>${escapeXml(title)}</title>` +
    `<line x1="${from}" x2="${to}" y1="${y}" y2="${y}" stroke="${colour}" stroke-opacity="0.5"/>` +
    `<circle cx="${place.at(ratio)}" cy="${y}" r="${RADIUS}" fill="${colour}"/></g>`
  );
}

/** @param {readonly number[]} values all that has to have room; 1 has it always */
function logarithmicScale(values) {
  const low = Math.log(Math.min(1, ...values) * 0.9);
  const high = Math.log(Math.max(1, ...values) * 1.1);
  return {
    /** @param {number} value */
    covers: (value) => Math.log(value) >= low && Math.log(value) <= high,
    /** @param {number} value */
    at(value) {
      const share = (Math.log(value) - low) / (high - low);
      return Math.round((LEFT + share * (WIDTH - LEFT - RIGHT)) * 10) / 10;
    },
  };
}

/**
 * @param {number} x
 * @param {number} y
 * @param {string} content
 * @param {'start' | 'middle' | 'end'} [anchor]
 */
function text(x, y, content, anchor = 'start') {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}">${escapeXml(content)}</text>`;
}

/** @param {string} content */
function escapeXml(content) {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
