import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { soughtRepository } from '../../api/sought-repository.ts';
import { currentClient, currentSession } from '../../session/session.ts';
import type { Entry } from './entry.ts';

const SHOWN = 6;

/** The repositories whose names contain a text. */
export function useRepositories(text: string): { entries: readonly Entry[]; error: unknown; isBusy: boolean } {
  const navigate = useNavigate();
  const sought = soughtRepository(text);
  const { data, error, isFetching } = useQuery({
    queryKey: ['palette', 'repositories', text],
    queryFn: ({ signal }) => {
      const page = { InstanceId: currentSession().instanceId, PageNo: 1, PageSize: SHOWN };
      return currentClient().call('ListRepository', { ...page, ...sought }, { signal });
    },
    enabled: sought !== undefined,
  });
  const entries = (data?.Repositories ?? []).map(
    ({ RepoNamespaceName: namespace = '', RepoName: name = '', Summary: detail }) => ({
      key: `repository ${namespace}/${name}`,
      label: `${namespace}/${name}`,
      detail,
      icon: 'box' as const,
      act: () => void navigate({ to: '/repositories/$namespace/$name', params: { namespace, name } }),
    }),
  );
  return { entries, error, isBusy: isFetching };
}
