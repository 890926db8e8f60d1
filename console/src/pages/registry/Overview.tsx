import { callNative } from '@slipway/client/call-native.ts';
import { counted } from '@slipway/client/counted.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { cachesQuery, garbageQuery, instanceQuery, usageQuery } from '../../api/registry-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { repositoryResource, useMay } from '../../session/may.ts';
import { currentClient, currentSession } from '../../session/session.ts';
import { Ago } from '../../ui/Ago.tsx';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { formatBytes } from '../../ui/durations.ts';
import { Fact } from '../../ui/Fact.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { registryHost } from '../registry-host.ts';

/** What the registry is, how much of it is used, and what its storage holds. */
export function Overview() {
  const { regionId, instanceId } = currentSession();
  const { data: instance } = useQuery(instanceQuery());
  const login = `docker login ${registryHost()}`;
  return (
    <>
      <section aria-labelledby="about">
        <h2 id="about">About</h2>
        <dl className="facts">
          <Fact name="Login">
            <code>{login}</code> <CopyButton text={login} what="login command" />
          </Fact>
          <Fact name="Instance">
            <code>{instanceId}</code> {instance?.InstanceName}
          </Fact>
          <Fact name="Region">
            <code>{regionId}</code>
          </Fact>
        </dl>
      </section>
      <Usage />
      <Storage />
    </>
  );
}

function Usage() {
  const { data, error } = useQuery(usageQuery());
  const rows = data && [
    ['Namespaces', data.NamespaceUsage, data.NamespaceQuota],
    ['Repositories', data.RepoUsage, data.RepoQuota],
    ['Chart namespaces', data.ChartNamespaceUsage, data.ChartNamespaceQuota],
    ['Chart repositories', data.ChartRepoUsage, data.ChartRepoQuota],
    ['Linked networks', data.VpcUsage, data.VpcQuota],
  ];
  return (
    <section aria-labelledby="usage">
      <h2 id="usage">Usage</h2>
      {error && <Failure error={error} />}
      {!data && !error && <Skeleton lines={2} of="the usage" />}
      <dl className="facts">
        {rows?.map(([name = '', used, quota]) => (
          <Fact key={name} name={name}>
            {used} <span className="quiet">of {quota}</span>
          </Fact>
        ))}
      </dl>
    </section>
  );
}

function Storage() {
  const garbage = useQuery(garbageQuery());
  const caches = useQuery(cachesQuery());
  const queries = useQueryClient();
  const [mayCollect] = useMay([{ action: 'cr:DeleteRepositoryTag', resource: repositoryResource('*') }]);
  const collect = useMutation({
    mutationFn: () => callNative(currentClient(), 'collectGarbage', {}),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['garbage'] }),
  });
  const isRunning = garbage.data?.RunningSince !== undefined;
  const last = garbage.data?.Last;
  const bytes = caches.data?.reduce((sum, { SizeBytes }) => sum + SizeBytes, 0) ?? 0;
  return (
    <section aria-labelledby="storage">
      <div className="page-head">
        <h2 id="storage">Storage</h2>
        <span className="gap" />
        {mayCollect && (
          <button type="button" disabled={isRunning || collect.isPending} onClick={() => collect.mutate()}>
            {isRunning ? 'Collecting…' : 'Collect garbage now'}
          </button>
        )}
      </div>
      {garbage.error && <Failure error={garbage.error} />}
      {caches.error && <Failure error={caches.error} />}
      {collect.error && <Failure error={collect.error} />}
      {(garbage.isPending || caches.isPending) && <Skeleton lines={2} of="the storage" />}
      <dl className="facts">
        {garbage.data && (
          <Fact name="Last collection">
            {last === undefined ? (
              <span className="quiet">none since the server started</span>
            ) : (
              (last.Failure ?? (
                <>
                  <Ago at={last.EndTime} />: {counted(last.Manifests, 'image')} and {counted(last.Layers, 'layer')}{' '}
                  removed, {formatBytes(last.FreedBytes)} freed
                </>
              ))
            )}
          </Fact>
        )}
        {caches.data && (
          <Fact name="Layer caches of builds">
            {formatBytes(bytes)} <span className="quiet">in {counted(caches.data.length, 'cache')}</span>
          </Fact>
        )}
      </dl>
    </section>
  );
}
