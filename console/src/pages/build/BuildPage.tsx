import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useCallback } from 'react';
import { isFinal } from '../../api/build.ts';
import { buildQuery } from '../../api/build-queries.ts';
import { isDenied } from '../../failure/api-failure.ts';
import { Failure } from '../../failure/Failure.tsx';
import { ExpiredNote } from '../../log/LogNotes.tsx';
import { LogViewer } from '../../log/LogViewer.tsx';
import { PageTitle } from '../../ui/PageTitle.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { statusLook } from '../../ui/statuses.ts';
import { BuildHead } from './BuildHead.tsx';
import { FailureCard } from './FailureCard.tsx';
import { LogOnly } from './LogOnly.tsx';
import { useTabIcon } from './use-tab-icon.ts';
import { Waterfall } from './Waterfall.tsx';

const route = getRouteApi('/builds/$id');

/** A build: its status, where its time went, why it failed, and its log. */
export function BuildPage() {
  const { id } = route.useParams();
  const queries = useQueryClient();
  const { data: build, error } = useQuery(buildQuery(id));
  const ended = useCallback(() => void queries.invalidateQueries({ queryKey: ['build', id] }), [queries, id]);
  useTabIcon(build && statusLook(build.Status).icon);
  if (!build) {
    if (isDenied(error)) return <LogOnly id={id} denial={error} />;
    return (
      <main>
        <PageTitle parts={[id.slice(0, 8), 'Builds']} />
        {error ? <Failure error={error} /> : <Skeleton of="the build" />}
      </main>
    );
  }
  const { sign, word } = statusLook(build.Status);
  const over = isFinal(build.Status) && (build.Seal !== undefined || build.LineCount === 0);
  return (
    <main className="build">
      <PageTitle parts={[`${sign} ${build.Repository}:${build.ImageTag} ${word.toLowerCase()}`]} />
      <BuildHead key={id} build={build} />
      {error && <Failure error={error} />}
      {build.Status === 'FAILED' && <FailureCard id={id} />}
      <Waterfall build={build} over={over} />
      {build.LogExpireTime === undefined ? (
        <LogViewer key={id} build={build} growing={!over} ended={ended} />
      ) : (
        <ExpiredNote atMs={build.LogExpireTime} />
      )}
    </main>
  );
}
