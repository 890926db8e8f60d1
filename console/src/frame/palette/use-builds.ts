import type { NativeCalls } from '@slipway/client/native.gen.ts';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { Build } from '../../api/build.ts';
import { getNative, queryOf } from '../../api/native-api.ts';
import { plainText } from '../../log/line-text.ts';
import { formatAge } from '../../ui/durations.ts';
import { statusLook } from '../../ui/statuses.ts';
import type { Entry } from './entry.ts';

const SHOWN = 6;
/** The server's least length of a search. */
const LEAST_LENGTH = 2;

/** The latest builds, or those that a text finds: by image, commit, author, branch or id. */
export function useBuilds(text: string): { entries: readonly Entry[]; error: unknown; isBusy: boolean } {
  const navigate = useNavigate();
  const search = text === '' ? undefined : text;
  const { data, error, isFetching } = useQuery({
    queryKey: ['palette', 'builds', search],
    queryFn: ({ signal }) =>
      getNative<NativeCalls['listBuilds']['reply']>(`/builds${queryOf({ search, limit: SHOWN })}`, signal),
    enabled: search === undefined || search.length >= LEAST_LENGTH,
  });
  const entries = (data?.Builds ?? []).map((build) => ({
    key: `build ${build.BuildRecordId}`,
    label: `${build.Repository}:${build.ImageTag}`,
    detail: detailOf(build),
    icon: iconOf(build),
    act: () => void navigate({ to: '/builds/$id', params: { id: build.BuildRecordId } }),
  }));
  return { entries, error, isBusy: isFetching };
}

function detailOf(build: Build): string {
  const parts = [
    statusLook(build.Status).word,
    formatAge(Date.now() - build.CreateTime),
    plainText(build.CommitMessage ?? ''),
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

function iconOf({ Status: status }: Build): Entry['icon'] {
  if (status === 'SUCCESS') return 'check';
  if (status === 'FAILED') return 'error';
  return status === 'CANCELED' ? 'stop' : 'clock';
}
