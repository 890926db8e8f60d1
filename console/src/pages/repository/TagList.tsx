import { counted } from '@slipway/client/counted.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useCanGoBack, useNavigate, useRouter } from '@tanstack/react-router';
import { type TagSearch, tagsQuery } from '../../api/repository-queries.ts';
import { tagScansQuery } from '../../api/scan-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { useMay } from '../../session/may.ts';
import { currentSession } from '../../session/session.ts';
import { Choice } from '../../ui/Choice.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { MoreButtons } from '../../ui/MoreButtons.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { TextFilter } from '../../ui/TextFilter.tsx';
import { registryHost } from '../registry-host.ts';
import { RemovedTags } from './RemovedTags.tsx';
import { TagRow } from './TagRow.tsx';
import { TagScan } from './TagScan.tsx';
import { useRepository } from './use-repository.ts';

const route = getRouteApi('/repositories/$namespace/$name/tags');
const SORTS = { time: 'Newest first', name: 'By name', size: 'Largest first' } as const;

/** The tags of a repository, found and sorted as its address says, and those that can be restored. */
export function TagList() {
  const { namespace, name, repository, resource, repoId = '' } = useRepository();
  const search = route.useSearch();
  const navigate = useNavigate();
  const router = useRouter();
  // Before an address that was opened directly, the browser has a page that is not of the console.
  const canGoBack = useCanGoBack();
  const { data, error } = useQuery(tagsQuery(namespace, name, search));
  const queries = useQueryClient();
  const [mayDelete, mayRestore, maySeeScans, mayScan, mayCopy] = useMay([
    { action: 'cr:DeleteRepositoryTag', resource },
    { action: 'cr:CreateRepoTag', resource },
    { action: 'cr:GetScan', resource },
    { action: 'cr:PutScan', resource },
    { action: 'cr:CreateRepositorySync', resource: `repository/${currentSession().instanceId}` },
  ]);
  const scans = useQuery({ ...tagScansQuery(namespace, name, search), enabled: maySeeScans });
  const changed = () => void queries.invalidateQueries({ queryKey: ['tags', namespace, name] });
  const go = (to: TagSearch, replace = false) =>
    void navigate({ to: '/repositories/$namespace/$name/tags', params: { namespace, name }, search: to, replace });
  const { contains, sort } = search;
  const found = { ...(contains === undefined ? {} : { contains }), ...(sort === undefined ? {} : { sort }) };
  const next = data?.Cursor;
  const isEmpty = data?.Tags.length === 0;
  return (
    <section aria-labelledby="tags">
      <div className="page-head">
        <h2 id="tags">Tags</h2>
        {data && !isEmpty && <span className="quiet">{counted(data.TotalCount, 'tag')}</span>}
        <span className="gap" />
        {(!isEmpty || contains !== undefined) && (
          <search className="tag-search">
            <TextFilter
              label="Part of the tag"
              placeholder="Part of the tag"
              value={contains}
              onChange={(value) =>
                go({ ...(sort === undefined ? {} : { sort }), ...(value === '' ? {} : { contains: value }) }, true)
              }
            />
            <Choice
              aria-label="Order of the tags"
              value={sort ?? 'time'}
              onChange={({ target: { value } }) =>
                go({ ...found, sort: value as keyof typeof SORTS, cursor: undefined }, true)
              }
              options={Object.entries(SORTS)}
            />
          </search>
        )}
      </div>
      {error && <Failure error={error} />}
      {scans.error && <Failure error={scans.error} />}
      {!data && !error && <Skeleton lines={5} of="tags" />}
      {isEmpty && contains !== undefined && <Empty>No tag contains “{contains}”.</Empty>}
      {isEmpty && contains === undefined && <NoTags />}
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
        back={search.cursor !== undefined && (() => (canGoBack ? router.history.back() : go(found)))}
        next={next !== undefined && (() => go({ ...found, cursor: next }))}
      />
      {data && <RemovedTags of={{ namespace, name }} mayRestore={mayRestore} done={changed} />}
    </section>
  );
}

function NoTags() {
  const { namespace, name, repository } = useRepository();
  const at = `${registryHost()}/${repository}`;
  return (
    <Empty
      action={
        <Link to="/repositories/$namespace/$name/rules" params={{ namespace, name }}>
          See the build rules
        </Link>
      }
    >
      No tags yet: nothing has been pushed. Build a folder with <code>slipway build . --tag {repository}:v1</code>, or
      push an image with <code>docker push {at}:v1</code>.
    </Empty>
  );
}
