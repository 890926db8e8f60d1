import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { buildListQuery } from '../../api/build-queries.ts';
import { repositoryQuery } from '../../api/repository-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { repositoryResource, useMay } from '../../session/may.ts';
import { currentSession } from '../../session/session.ts';
import { ApiForm } from '../ApiForm.tsx';
import { NoBuilds } from '../builds/BuildList.tsx';
import { BuildTable } from '../builds/BuildTable.tsx';
import { AccelerationCard } from './AccelerationCard.tsx';
import { LifecycleRules } from './LifecycleRules.tsx';
import { repositoryFields } from './NewRepository.tsx';
import { RuleList } from './RuleList.tsx';
import { SourceCard } from './SourceCard.tsx';
import { TagList } from './TagList.tsx';
import { TriggerList } from './TriggerList.tsx';

const BUILDS_SHOWN = 8;

const route = getRouteApi('/repositories/$namespace/$name');

/** A repository: its latest builds, its build rules, its source, its tags with their scans, the rules that remove tags, and acceleration. */
export function RepositoryPage() {
  const { namespace, name } = route.useParams();
  const repository = `${namespace}/${name}`;
  const { data, error } = useQuery(repositoryQuery(namespace, name));
  const builds = useQuery(buildListQuery({ repository }));
  useEffect(() => {
    document.title = `${repository} · Slipway`;
    return () => {
      document.title = 'Slipway';
    };
  }, [repository]);
  const repoId = data?.RepoId;
  const [open, setOpen] = useState(false);
  const queries = useQueryClient();
  const [mayUpdate] = useMay([{ action: 'cr:UpdateRepository', resource: repositoryResource(repository) }]);
  const changed = () => {
    setOpen(false);
    void queries.invalidateQueries({ queryKey: ['repository', namespace, name] });
  };
  return (
    <main className="repository">
      <div className="page-head">
        <h1>{repository}</h1>
        {data?.RepoType && <span className="quiet">{data.RepoType === 'PUBLIC' ? 'public' : 'private'}</span>}
        {data?.Summary && <span className="quiet">{data.Summary}</span>}
        <span className="gap" />
        {mayUpdate && repoId && !open && (
          <button type="button" onClick={() => setOpen(true)}>
            Change repository
          </button>
        )}
      </div>
      {open && repoId && (
        <ApiForm
          action="UpdateRepository"
          fixed={{ InstanceId: currentSession().instanceId, RepoId: repoId }}
          fields={repositoryFields(data)}
          submit="Save repository"
          done={changed}
          leave={() => setOpen(false)}
        />
      )}
      {data?.Detail && <p>{data.Detail}</p>}
      {error && <Failure error={error} />}
      <section aria-labelledby="builds">
        <div className="page-head">
          <h2 id="builds">Builds</h2>
          <Link to="/builds" search={{ repository }}>
            All builds
          </Link>
        </div>
        {builds.error && <Failure error={builds.error} />}
        {builds.data?.Builds.length === 0 && <NoBuilds filtered={false} />}
        {builds.data && builds.data.Builds.length > 0 && (
          <BuildTable builds={builds.data.Builds.slice(0, BUILDS_SHOWN)} label="Builds" />
        )}
      </section>
      {repoId && <RuleList repoId={repoId} repository={repository} />}
      {repoId && <SourceCard repoId={repoId} repository={repository} />}
      {repoId && <TriggerList of={{ namespace, name, repoId }} />}
      <TagList namespace={namespace} name={name} repoId={repoId ?? ''} />
      <LifecycleRules namespace={namespace} name={name} />
      {repoId && <AccelerationCard of={{ namespace, name, repoId }} />}
    </main>
  );
}
