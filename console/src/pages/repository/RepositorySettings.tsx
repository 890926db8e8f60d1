import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Failure } from '../../failure/Failure.tsx';
import { useMay } from '../../session/may.ts';
import { currentClient, currentSession } from '../../session/session.ts';
import { Fact } from '../../ui/Fact.tsx';
import type { FieldSpec } from '../../ui/Field.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { ApiForm } from '../ApiForm.tsx';
import { WHO_CAN_PULL } from '../who-can-pull.ts';
import { AccelerationCard } from './AccelerationCard.tsx';
import { LifecycleRules } from './LifecycleRules.tsx';
import { repositoryFields } from './NewRepository.tsx';
import { useRepository } from './use-repository.ts';

/** What a repository is, which of its tags stay, how its images are converted, and its end. */
export function RepositorySettings() {
  return (
    <>
      <General />
      <LifecycleRules />
      <AccelerationCard />
      <DeleteRepository />
    </>
  );
}

function General() {
  const { namespace, name, repoId, resource, data, error } = useRepository();
  const [open, setOpen] = useState(false);
  const queries = useQueryClient();
  const [mayUpdate] = useMay([{ action: 'cr:UpdateRepository', resource }]);
  const changed = () => {
    setOpen(false);
    void queries.invalidateQueries({ queryKey: ['repository', namespace, name] });
  };
  return (
    <section aria-labelledby="general">
      <div className="page-head">
        <h2 id="general">General</h2>
        <span className="gap" />
        {mayUpdate && repoId && !open && (
          <button type="button" onClick={() => setOpen(true)}>
            Change repository
          </button>
        )}
      </div>
      {!data && (error ? <Failure error={error} /> : <Skeleton of="the settings" />)}
      {open && repoId ? (
        <ApiForm
          action="UpdateRepository"
          fixed={{ InstanceId: currentSession().instanceId, RepoId: repoId }}
          fields={repositoryFields(data ?? {})}
          submit="Save repository"
          done={changed}
          leave={() => setOpen(false)}
        />
      ) : (
        data && (
          <dl className="facts">
            <Fact name="Who can pull">{WHO_CAN_PULL[data.RepoType === 'PUBLIC' ? 'PUBLIC' : 'PRIVATE']}</Fact>
            <Fact name="Tags">{data.TagImmutability ? 'cannot be overwritten' : 'can be overwritten'}</Fact>
            <Fact name="Id">
              <code>{repoId}</code>
            </Fact>
          </dl>
        )
      )}
    </section>
  );
}

/** Deleting takes every image along, so the name has to be typed. */
function DeleteRepository() {
  const { namespace, name, repository, repoId, resource } = useRepository();
  const [open, setOpen] = useState(false);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [mayDelete] = useMay([{ action: 'cr:DeleteRepository', resource }]);
  if (!mayDelete || repoId === undefined) return null;
  const gone = () => {
    queries.removeQueries({ queryKey: ['repository', namespace, name] });
    void queries.invalidateQueries({ queryKey: ['repositories'] });
    void navigate({ to: '/repositories' });
  };
  const send = async ({ name: typed }: Readonly<Record<string, unknown>>) => {
    if (typed !== repository) throw new Error(`Type ${repository} to delete it.`);
    await currentClient().call('DeleteRepository', { InstanceId: currentSession().instanceId, RepoId: repoId });
  };
  const fields: FieldSpec[] = [
    { name: 'name', label: 'Name of the repository', kind: 'text', required: true, hint: `Type ${repository}.` },
  ];
  return (
    <section aria-labelledby="delete-repository">
      <div className="page-head">
        <h2 id="delete-repository">Delete repository</h2>
        <span className="gap" />
        {!open && (
          <button type="button" className="danger" onClick={() => setOpen(true)}>
            Delete repository…
          </button>
        )}
      </div>
      <p className="about quiet">Deletes its images, tags, rules, triggers and secrets. This cannot be undone.</p>
      {open && (
        <ApiForm
          action="DeleteRepository"
          fixed={{}}
          fields={fields}
          submit="Delete this repository"
          send={send}
          done={gone}
          leave={() => setOpen(false)}
        />
      )}
    </section>
  );
}
