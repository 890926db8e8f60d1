import { useQuery } from '@tanstack/react-query';
import MiniSearch from 'minisearch';
import { findSections, SEARCH_OPTIONS } from '../../docs/search-options.ts';
import { reach } from '../../failure/reach.ts';
import type { Entry } from './entry.ts';

const SHOWN = 5;
const LEAST_LENGTH = 3;

/** The sections of the documentation that some words find. Its index is fetched with the first search. */
export function useDocs(text: string): { entries: readonly Entry[]; error: unknown; isBusy: boolean } {
  const { data, error, isFetching } = useQuery({
    queryKey: ['palette', 'docs'],
    queryFn: ({ signal }) => fetchIndex(signal),
    enabled: text.length >= LEAST_LENGTH,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (data === undefined || text.length < LEAST_LENGTH) return { entries: [], error, isBusy: isFetching };
  // Operations have a group of their own.
  const found = findSections(data, text).filter(({ id }) => !id.startsWith('/docs/api/'));
  const entries = found.slice(0, SHOWN).map(({ id, page, title }) => ({
    key: `docs ${id}`,
    label: title,
    detail: title === page ? undefined : page,
    icon: 'book' as const,
    act: () => location.assign(id),
  }));
  return { entries, error, isBusy: false };
}

/** Pages of the documentation name the address of its index, which changes with its content. */
async function fetchIndex(signal: AbortSignal): Promise<MiniSearch> {
  const page = await fetchText('/docs/', signal);
  const [, address] = /data-index="([^"]+)"/.exec(page) ?? [];
  if (address === undefined) throw new Error('the documentation names no index');
  return MiniSearch.loadJSON(await fetchText(address, signal), SEARCH_OPTIONS as never);
}

async function fetchText(address: string, signal: AbortSignal): Promise<string> {
  const reply = await reach(address, { signal });
  if (!reply.ok) throw new Error(`the server answered ${reply.status}`);
  return reply.text();
}
