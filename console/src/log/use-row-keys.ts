import { useRef } from 'react';

/**
 * Gives the keys of rows that show lines `first` to `last`. A line in view keeps its key, and with it its element and what
 * is focused in it; where none of the lines before is in view any more, their elements are used again: to fill them is half
 * the work of making new ones, and leaves nothing to be collected.
 */
export function useRowKeys(first = 0, last = 0): (line: number) => number {
  const before = useRef({ first, last, shift: 0 });
  const { current } = before;
  if (first > current.last || last < current.first) current.shift += first - current.first;
  current.first = first;
  current.last = last;
  const { shift } = current;
  return (line) => line - shift;
}
