import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { tagsQuery } from '../../api/repository-queries.ts';
import { tagScansQuery } from '../../api/scan-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { useMay } from '../../session/may.ts';
import { currentSession } from '../../session/session.ts';
import { MoreButtons } from '../../ui/MoreButtons.tsx';
import { RemovedTags } from './RemovedTags.tsx';
import { TagRow } from './TagRow.tsx';
import { TagScan } from './TagScan.tsx';
import { useRepository } from './use-repository.ts';

/** The tags of a repository, most recently set first, and those that can be restored. */
export function TagList() {
  const { namespace, name, repository, resource, repoId = '' } = useRepository();
  const [cursors, setCursors] = useState<string[]>([]);
  const { data, error } = useQuery(tagsQuery(namespace, name, cursors.at(-1)));
  const next = data?.Cursor;
  const queries = useQueryClient();
  const [mayDelete = false, mayRestore = false, maySeeScans = false, mayScan = false, mayCopy = false] = useMay([
    { action: 'cr:DeleteRepositoryTag', resource },
    { action: 'cr:CreateRepoTag', resource },
    { action: 'cr:GetScan', resource },
    { action: 'cr:PutScan', resource },
    { action: 'cr:CreateRepositorySync', resource: `repository/${currentSession().instanceId}` },
  ]);
  const scans = useQuery({ ...tagScansQuery(namespace, name, cursors.at(-1)), enabled: maySeeScans });
  const changed = () => void queries.invalidateQueries({ queryKey: ['tags', namespace, name] });
  return (
    <section aria-labelledby="tags">
      <div className="page-head">
        <h2 id="tags">Tags</h2>
        {data !== undefined && data.TotalCount > 0 && <span className="quiet">{data.TotalCount}</span>}
      </div>
      {error && <Failure error={error} />}
      {scans.error && <Failure error={scans.error} />}
      {data?.Tags.length === 0 && <p className="empty quiet">No tags yet: nothing has been pushed.</p>}
      <ul className="rows">
        {data?.Tags.map((tag) => (
          <TagRow
            key={tag.Tag}
            tag={tag}
            repository={repository}
            repoId={repoId}
            mayDelete={mayDelete}
            mayCopy={mayCopy}
            done={changed}
          >
            {scans.data && repoId !== '' && (
              <TagScan
                of={{ namespace, name, repoId, tag: tag.Tag, digest: tag.Digest }}
                scan={scans.data.find(({ Digest }) => Digest === tag.Digest)}
                mayScan={mayScan}
              />
            )}
          </TagRow>
        ))}
      </ul>
      <MoreButtons
        of="tags"
        back={cursors.length > 0 && (() => setCursors(cursors.slice(0, -1)))}
        next={next !== undefined && (() => setCursors([...cursors, next]))}
      />
      {data && <RemovedTags of={{ namespace, name }} mayRestore={mayRestore} done={changed} />}
    </section>
  );
}
