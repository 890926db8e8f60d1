import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useCallback } from 'react';
import { type BuildDetail, isFinal } from '../../api/build.ts';
import { buildQuery } from '../../api/build-queries.ts';
import { isDenied } from '../../failure/api-failure.ts';
import { Failure } from '../../failure/Failure.tsx';
import { ExpiredNote } from '../../log/LogNotes.tsx';
import { LogViewer } from '../../log/LogViewer.tsx';
import { useBuildParts } from '../../log/use-build-parts.ts';
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
  return (
    <main className="build">
      <PageTitle parts={[`${sign} ${build.Repository}:${build.ImageTag} ${word.toLowerCase()}`]} />
      <BuildHead key={id} build={build} />
      {error && <Failure error={error} />}
      <Story key={id} build={build} ended={ended} />
    </main>
  );
}

/** How a build went: why it failed, where its time went, and its log. */
function Story({ build, ended }: { build: BuildDetail; ended(): void }) {
  const over = isFinal(build.Status) && (build.Seal !== undefined || build.LineCount === 0);
  const parts = useBuildParts(build, over);
  return (
    <>
      {parts.cardError != null && <Failure error={parts.cardError} />}
      {parts.card && <FailureCard id={build.BuildRecordId} card={parts.card} />}
      <Waterfall build={build} parts={parts} />
      {build.LogExpireTime === undefined ? (
        <LogViewer build={build} parts={parts} growing={!over} ended={ended} />
      ) : (
        <ExpiredNote atMs={build.LogExpireTime} />
      )}
    </>
  );
}
