import type { NativeCalls } from '@slipway/client/native.gen.ts';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { Build } from '../../api/build.ts';
import { getNative, queryOf } from '../../api/native-api.ts';
import { formatAge } from '../../ui/durations.ts';
import { statusWord } from '../../ui/Status.tsx';
import { type Entry, hasWords } from './entry.ts';

const SHOWN = 6;
const ASKED = 50;
/** The beginning of a build's id, as the server takes it. */
const ID_BEGINNING = /^[0-9a-f-]{4,36}$/;

/** The latest builds; of them those with some words in the image or commit, or the builds whose id begins with a text. */
export function useBuilds(text: string): { entries: readonly Entry[]; error: unknown; isBusy: boolean } {
  const navigate = useNavigate();
  const id = ID_BEGINNING.test(text) ? text : undefined;
  const { data, error, isFetching } = useQuery({
    queryKey: ['palette', 'builds', id],
    queryFn: ({ signal }) =>
      getNative<NativeCalls['listBuilds']['reply']>(`/builds${queryOf({ id, limit: ASKED })}`, signal),
  });
  const found = (data?.Builds ?? []).filter(
    (build) => id !== undefined || hasWords(text, `${build.Repository}:${build.ImageTag} ${build.CommitMessage ?? ''}`),
  );
  const entries = found.slice(0, SHOWN).map((build) => ({
    key: `build ${build.BuildRecordId}`,
    label: `${build.Repository}:${build.ImageTag}`,
    detail: detailOf(build),
    icon: iconOf(build),
    act: () => void navigate({ to: '/builds/$id', params: { id: build.BuildRecordId } }),
  }));
  return { entries, error, isBusy: isFetching };
}

function detailOf(build: Build): string {
  const parts = [statusWord(build.Status), formatAge(Date.now() - build.CreateTime), build.CommitMessage];
  return parts.filter((part) => part !== undefined && part !== '').join(' · ');
}

function iconOf({ Status: status }: Build): Entry['icon'] {
  if (status === 'SUCCESS') return 'check';
  if (status === 'FAILED') return 'error';
  return status === 'CANCELED' ? 'stop' : 'clock';
}
