/** Which rows of a long list are drawn: those in view and some around them. */

export interface RowWindow {
  readonly first: number;
  /** The one after the last. */
  readonly end: number;
}

/** Above and below what is seen, so that scrolling does not show a gap before it is drawn. */
const AROUND = 10;

/** All in pixels; the rows have one height. */
export function rowsInView(
  scrollTop: number,
  viewHeight: number,
  rowHeight: number,
  rows: number,
): RowWindow {
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - AROUND);
  const end = Math.ceil((scrollTop + viewHeight) / rowHeight) + AROUND;
  return { first: Math.min(first, Math.max(0, rows - 1)), end: Math.min(rows, Math.max(0, end)) };
}

/** Where to scroll to so that a row is seen: the nearest place, or where it is if it is seen. */
export function scrollToSee(
  row: number,
  scrollTop: number,
  viewHeight: number,
  rowHeight: number,
): number {
  const top = row * rowHeight;
  if (top < scrollTop) return top;
  return Math.max(scrollTop, top + rowHeight - viewHeight);
}
