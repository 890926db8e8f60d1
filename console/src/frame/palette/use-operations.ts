import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type Entry, hasWords } from './entry.ts';

const SHOWN = 6;
const LEAST_LENGTH = 2;

/** The operations of the API with some words in their name or summary; names that begin with them come first. */
export function useOperations(text: string): readonly Entry[] {
  const navigate = useNavigate();
  const { data = [] } = useQuery({
    queryKey: ['palette', 'operations'],
    queryFn: async () => (await import('../../pages/explorer/operations.gen.ts')).operations,
    enabled: text.length >= LEAST_LENGTH,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (text.length < LEAST_LENGTH) return [];
  const begins = (name: string) => Number(name.toLowerCase().startsWith(text.toLowerCase()));
  return data
    .filter(({ name, summary }) => hasWords(text, `${name} ${summary}`))
    .toSorted((one, other) => begins(other.name) - begins(one.name))
    .slice(0, SHOWN)
    .map(({ name, summary }) => ({
      key: `operation ${name}`,
      label: name,
      detail: summary,
      icon: 'code',
      act: () => void navigate({ to: '/explorer/$action', params: { action: name } }),
    }));
}
