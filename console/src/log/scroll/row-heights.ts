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
