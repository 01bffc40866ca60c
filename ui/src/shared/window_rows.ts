// Which rows of a long list are in the document: those in view and a few around them.

export const ROWS_LIMIT = 30;
const AROUND = 4;

export type RowWindow = { first: number; last: number; before: number; after: number };

/** Rows `first..last` (last excluded) with the height of what is left out on both sides. */
export function windowRows(heights: number[], scrollTop: number, viewHeight: number): RowWindow {
  let top = 0;
  let index = 0;
  while (index < heights.length && top + (heights[index] ?? 0) <= scrollTop) top += heights[index++] ?? 0;
  const first = Math.max(0, index - AROUND);
  let bottom = top;
  while (index < heights.length && bottom < scrollTop + viewHeight) bottom += heights[index++] ?? 0;
  const last = Math.min(heights.length, index + AROUND, first + ROWS_LIMIT);
  const sum = (from: number, to: number) =>
    heights.slice(from, to).reduce((total, height) => total + height, 0);
  return { first, last, before: sum(0, first), after: sum(last, heights.length) };
}

/** Distance from the top of the list to the row's top. */
export function topOf(heights: number[], index: number): number {
  return heights.slice(0, index).reduce((total, height) => total + height, 0);
}
