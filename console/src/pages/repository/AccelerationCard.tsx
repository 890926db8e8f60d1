import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { accelerate, accelerationQuery, stopAccelerating } from '../../api/acceleration-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { useMay } from '../../session/may.ts';
import { currentSession } from '../../session/session.ts';
import { Field } from '../../ui/Field.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { SureButton } from '../../ui/SureButton.tsx';
import { ConversionList } from './ConversionList.tsx';
import { useRepository } from './use-repository.ts';

/** Whether the images of a repository are converted so that they start before all of them is there, and what came of it. */
export function AccelerationCard() {
  const { namespace, name, repoId = '' } = useRepository();
  const resource = `instance/${currentSession().instanceId}`;
  const [mayRead, mayChange, mayReadLog] = useMay([
    { action: 'cr:GetArtifactBuildRule', resource },
    { action: 'cr:CreateArtifactBuildRule', resource },
    { action: 'cr:ListArtifactBuildTaskLog', resource },
  ]);
  const { data, error } = useQuery({ ...accelerationQuery(namespace, name), enabled: mayRead });
  const [open, setOpen] = useState(false);
  const queries = useQueryClient();
  const changed = () => {
    setOpen(false);
    void queries.invalidateQueries({ queryKey: ['acceleration', namespace, name] });
  };
  const stop = useMutation({ mutationFn: () => stopAccelerating(namespace, name), onSuccess: changed });
  if (!mayRead) return null;
  const isOn = data?.BuildRuleId !== undefined;
  return (
    <section aria-labelledby="acceleration">
      <div className="page-head">
        <h2 id="acceleration">Acceleration</h2>
        {data && <span className="quiet">{isOn ? 'on' : 'off'}</span>}
        <span className="gap" />
        {data && mayChange && !open && (
          <button type="button" onClick={() => setOpen(true)}>
            {isOn ? 'Change acceleration' : 'Turn on'}
          </button>
        )}
        {isOn && mayChange && (
          <SureButton name="Turn off" of="acceleration" act={() => stop.mutate()} busy={stop.isPending} />
        )}
      </div>
      {error && <Failure error={error} />}
      {stop.error && <Failure error={stop.error} />}
      {!data && !error && <Skeleton lines={1} of="the acceleration" />}
      {data && (
        <p className="quiet">
          {isOn
            ? 'Images that are pushed here are also converted to eStargz, as TAG_accelerated.'
            : 'An accelerated image starts before all of it is downloaded. Images of this repository are not converted.'}
        </p>
      )}
      {open && data && repoId !== '' && (
        <PriorityForm repoId={repoId} paths={data.PriorityFiles} done={changed} leave={() => setOpen(false)} />
      )}
      {isOn && data.PriorityFiles.length > 0 && !open && (
        <p>
          These files come first: <code>{data.PriorityFiles.join(', ')}</code>
        </p>
      )}
      {data && <ConversionList conversions={data.Tasks} mayReadLog={mayReadLog} />}
    </section>
  );
}

function PriorityForm(props: { repoId: string; paths: readonly string[]; done(): void; leave(): void }) {
  const { repoId, paths, done, leave } = props;
  const save = useMutation({ mutationFn: (text: string) => accelerate(repoId, text), onSuccess: done });
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    save.mutate(String(new FormData(event.currentTarget).get('PriorityFile') ?? ''));
  };
  return (
    <form className="api-form" aria-label="Save acceleration" onSubmit={send}>
      <Field
        spec={{
          name: 'PriorityFile',
          label: 'Files that come first',
          kind: 'lines',
          value: paths.join('\n'),
          hint: 'Absolute paths, one per line; a path that ends with / means everything in a folder. May be empty.',
        }}
        mistake={save.error?.message}
      />
      <div className="form-end">
        <button type="submit" className="primary" disabled={save.isPending}>
          Save acceleration
        </button>
        <button type="button" onClick={leave}>
          Close
        </button>
        <span className="quiet">
          calls <code>CreateArtifactBuildRule</code>
        </span>
      </div>
    </form>
  );
}
