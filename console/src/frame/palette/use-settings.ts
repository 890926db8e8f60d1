import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { settingsQuery } from '../../api/system-queries.ts';
import { useMay } from '../../session/may.ts';
import { currentSession } from '../../session/session.ts';
import { type Entry, hasWords } from './entry.ts';

const SHOWN = 5;
const LEAST_LENGTH = 3;

/** The settings of the server with some words in their name or description, for those who may read them. */
export function useSettings(text: string): { entries: readonly Entry[]; error: unknown; isBusy: boolean } {
  const navigate = useNavigate();
  const isSought = text.length >= LEAST_LENGTH;
  const [mayRead] = useMay([{ action: 'cr:DescribeSettings', resource: `instance/${currentSession().instanceId}` }]);
  const { data, error, isFetching } = useQuery({ ...settingsQuery(), enabled: isSought && mayRead, staleTime: 60_000 });
  if (!isSought) return { entries: [], error, isBusy: false };
  const named = (name: string) => Number(hasWords(text, name));
  const entries = (data?.Settings ?? [])
    .filter(({ Name: name, Description: what }) => hasWords(text, `${name} ${what}`))
    .toSorted((one, other) => named(other.Name) - named(one.Name))
    .slice(0, SHOWN)
    .map(({ Name: name, Description: what }) => ({
      key: `setting ${name}`,
      label: name,
      detail: what,
      icon: 'settings' as const,
      act: () => void navigate({ to: '/system', hash: `setting-${name}` }),
    }));
  return { entries, error, isBusy: isFetching };
}
