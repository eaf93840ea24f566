/** How large text is, and the CSS of its font. */
import type { Font } from './scene';

export interface TextSize {
  readonly width: number;
  readonly height: number;
}

export type MeasureText = (text: string, font: Font) => TextSize;

/** Of a line, in sizes of its font. */
export const LINE_HEIGHT = 1.2;

/** The family is made of letters, digits, blanks and hyphens. */
export function cssFont({ family, pixels, isBold, isItalic }: Font): string {
  const named = family === '' ? '' : `"${family}", `;
  const style = `${isItalic ? 'italic ' : ''}${isBold ? 'bold ' : ''}`;
  return `${style}${pixels}px ${named}${/courier|mono/i.test(family) ? 'monospace' : 'sans-serif'}`;
}

export const measureOnCanvas: MeasureText = (text, font) => {
  const context = new OffscreenCanvas(1, 1).getContext('2d');
  const lines = text.split('\n');
  let width = 0;
  if (context !== null) {
    context.font = cssFont(font);
    for (const line of lines) width = Math.max(width, context.measureText(line).width);
  }
  return { width, height: lines.length * font.pixels * LINE_HEIGHT };
};
