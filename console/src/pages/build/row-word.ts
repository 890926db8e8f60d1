import type { WaterfallRow } from './waterfall-rows.ts';

const WORDS: Readonly<Record<WaterfallRow['state'], string>> = {
  done: '',
  cached: 'cached',
  failed: 'failed',
  cancelled: 'cancelled',
  running: 'running',
};

/** The state of a row in a word, because a colour alone would not tell everyone; empty for the usual. */
export function rowWord({ kind, state }: Pick<WaterfallRow, 'kind' | 'state'>): string {
  return kind === 'wait' ? '' : WORDS[state];
}
