/** A number of lines, as in `1 line` or `12,345 lines`. */
export function lineCountText(count: number): string {
  return `${count.toLocaleString('en')} ${count === 1 ? 'line' : 'lines'}`;
}
