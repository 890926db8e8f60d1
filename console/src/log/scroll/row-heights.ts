/** Height of a row that is not wrapped; must match `log.css`. */
export const ROW_PX = 20;

/** Distance of a point between rows from the top, with the rows' real heights. */
export function measuredOffset(rows: HTMLElement, row: number): number {
  const child = rows.children[Math.floor(row)] as HTMLElement | undefined;
  if (!child) return rows.offsetHeight;
  return child.offsetTop + (row - Math.floor(row)) * child.offsetHeight;
}

/**
 * How many rows, with their real heights, a number of pixels spans from a point between rows: down, or up if negative.
 */
export function rowsAcross(rows: HTMLElement, from: number, px: number): number {
  const goalPx = measuredOffset(rows, from) + px;
  if (goalPx < 0) return goalPx / ROW_PX - from;
  for (const [index, row] of (Array.from(rows.children) as HTMLElement[]).entries()) {
    const inRowPx = goalPx - row.offsetTop;
    if (inRowPx < row.offsetHeight) return index + inRowPx / row.offsetHeight - from;
  }
  return rows.children.length + (goalPx - rows.offsetHeight) / ROW_PX - from;
}

/** The row at a distance from the top of the rows, as an index, and whether it begins above that. */
export function rowAtTop(rows: HTMLElement, px: number): { index: number; isCut: boolean } {
  const elements = Array.from(rows.children) as HTMLElement[];
  const index = elements.findIndex((row) => row.offsetTop + row.offsetHeight > px + 1);
  return { index: Math.max(0, index), isCut: (elements[index]?.offsetTop ?? 0) < px - 1 };
}
