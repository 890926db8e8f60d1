import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { LoggedBuild } from '../../api/build.ts';
import { sealQuery } from '../../api/build-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { ExpiredNote } from '../../log/LogNotes.tsx';
import { LogViewer } from '../../log/LogViewer.tsx';
import { useBuildParts } from '../../log/use-build-parts.ts';
import { PageTitle } from '../../ui/PageTitle.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { Status } from '../../ui/Status.tsx';

/** The page of a build for someone who may read its log but not the build: its status, its log, and what is missing. */
export function LogOnly({ id, denial }: { id: string; denial: unknown }) {
  const { data, error } = useQuery(sealQuery(id));
  const queries = useQueryClient();
  const ended = useCallback(() => void queries.invalidateQueries({ queryKey: ['build', id] }), [queries, id]);
  const name = `Build ${id.slice(0, 8)}`;
  return (
    <main className="build">
      <PageTitle parts={[name]} />
      <div className="page-head">
        <h1>{name}</h1>
        {data && <Status status={data.Status} />}
      </div>
      <Failure error={denial} />
      {error && <Failure error={error} />}
      {data === undefined && !error && <Skeleton of="the log" />}
      {data?.LogExpireTime !== undefined && <ExpiredNote atMs={data.LogExpireTime} />}
      {data && data.LogExpireTime === undefined && (
        <Log key={id} build={{ ...data, EndTime: data.Seal?.sealedAtMs }} growing={!data.Sealed} ended={ended} />
      )}
    </main>
  );
}

function Log({ build, growing, ended }: { build: LoggedBuild; growing: boolean; ended(): void }) {
  const parts = useBuildParts(build, !growing);
  return <LogViewer build={build} parts={parts} growing={growing} ended={ended} />;
}
