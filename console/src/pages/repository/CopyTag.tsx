import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { sendToTarget } from '../../api/sync-queries.ts';
import type { FieldSpec } from '../../ui/Field.tsx';
import { ApiForm } from '../ApiForm.tsx';
import { ELSEWHERE_FIELDS } from '../rule/SyncRules.tsx';

/** The form that copies one tag to another repository or registry, and where its progress is shown. */
export function CopyTag(props: {
  of: { namespace: string; name: string; repoId: string; tag: string };
  leave(): void;
}) {
  const { of, leave } = props;
  const { namespace, name, repoId: RepoId, tag: Tag } = of;
  const [hasBegun, setHasBegun] = useState(false);
  const queries = useQueryClient();
  if (hasBegun)
    return (
      <p role="status" className="row-more">
        {Tag} is being copied.{' '}
        <Link to="/repositories/$namespace/$name/replication" params={{ namespace, name }}>
          See how far it is
        </Link>
      </p>
    );
  const begun = () => {
    setHasBegun(true);
    void queries.invalidateQueries({ queryKey: ['sync tasks'] });
  };
  return (
    <ApiForm
      action="CreateRepoSyncTask"
      fixed={{ RepoId, Tag }}
      fields={fieldsOf(of)}
      leave={leave}
      submit={`Copy ${Tag}`}
      done={begun}
      send={sendToTarget('CreateRepoSyncTask')}
    />
  );
}

function fieldsOf({ namespace, tag }: { namespace: string; tag: string }): FieldSpec[] {
  return [
    { name: 'TargetNamespace', label: 'To namespace', kind: 'text', required: true, value: namespace },
    { name: 'TargetRepoName', label: 'To repository', kind: 'text', required: true },
    { name: 'TargetTag', label: 'Tag there', kind: 'text', required: true, value: tag },
    { name: 'Override', label: 'Overwrite the tag there', kind: 'switch' },
    ...ELSEWHERE_FIELDS,
  ];
}
