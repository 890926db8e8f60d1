import { useNavigate, useRouterState } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo, useRef } from 'react';
import { formatLineRange, type LineRange, parseLineRange } from './line-range.ts';

/** The lines that the address names (`#L120-L140`), and a function to select others. */
export interface LineChoice {
  picked: LineRange | undefined;
  pick(line: number, extend: boolean): void;
}

/** Shows the lines in the address as soon as the log has them, and whenever the address changes. */
export function useLineChoice(lineCount: number, showLine: (line: number) => void): LineChoice {
  const hash = useRouterState({ select: (state) => state.location.hash });
  const navigate = useNavigate();
  const picked = useMemo(() => parseLineRange(hash), [hash]);
  const done = useRef('');
  useEffect(() => {
    if (!picked || done.current === hash || lineCount < picked.first) return;
    done.current = hash;
    showLine(picked.first);
  }, [picked, hash, lineCount, showLine]);
  const pick = useCallback(
    (line: number, extend: boolean) => {
      const from = extend && picked ? picked.first : line;
      const range = { first: Math.min(from, line), last: Math.max(from, line) };
      done.current = formatLineRange(range);
      void navigate({ to: '.', search: true, hash: done.current, replace: true, resetScroll: false });
    },
    [navigate, picked],
  );
  return { picked, pick };
}
