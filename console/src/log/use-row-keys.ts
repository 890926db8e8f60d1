import { useRef } from 'react';

/**
 * Returns the keys of the rows that show lines `first` to `last`. A line that stays in view keeps its key, and so its
 * element and focus. If none of the previous lines is still in view, their elements are reused: filling them is half
 * the work of creating new ones, and leaves nothing to garbage-collect.
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
