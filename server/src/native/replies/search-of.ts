import { filterOf } from '#log/line-filter.ts';
import type { LogSearch } from '#log/log-search.ts';
import { invalidParameter, missingParameter } from '#rpc/errors/api-error.ts';
import type { NativeParams } from '../native-operation.ts';

const HITS_DEFAULT = 100;

/** What a search looks for. Throws `InvalidParameter` unless it is either a text or an expression. */
export function searchOf(params: Omit<NativeParams<'searchLog'>, 'id' | 'cursor'>): LogSearch {
  const { q, regex, ignorecase: ignoreCase = false, context = 0, limit = HITS_DEFAULT } = params;
  if (q !== undefined && regex !== undefined) throw invalidParameter('regex', 'q is given too.');
  const common = { context, limit, filter: filterOf(params) };
  if (q !== undefined) return { ...common, pattern: { kind: 'literal', text: q, ignoreCase } };
  if (regex === undefined) throw missingParameter('q');
  return { ...common, pattern: { kind: 'regex', expression: regex, ignoreCase } };
}
