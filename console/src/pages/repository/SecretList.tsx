import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type BuildSecret, removeSecret, secretsQuery, setSecret } from '../../api/secret-queries.ts';
import { useMay } from '../../session/may.ts';
import { Ago } from '../../ui/Ago.tsx';
import type { FieldSpec } from '../../ui/Field.tsx';
import { Collection } from '../Collection.tsx';
import { useRepository } from './use-repository.ts';

/** The secrets that builds of a repository can mount. Values go in, and are never shown. */
export function SecretList() {
  const { repository, resource } = useRepository();
  const { data: secrets, error } = useQuery(secretsQuery(repository));
  const [maySet] = useMay([{ action: 'cr:UpdateRepositoryBuildRule', resource }]);
  const queries = useQueryClient();
  const save = ({ secret, Value }: Readonly<Record<string, unknown>>) =>
    setSecret(repository, String(secret), String(Value));
  return (
    <Collection<BuildSecret>
      id="secrets"
      title="Build secrets"
      noun="secret"
      entries={secrets}
      error={error}
      about={
        <>
          A step mounts a secret with <code>RUN --mount=type=secret,id=NAME</code>. It is in no image, and masked in
          logs.
        </>
      }
      none={
        <>
          No secrets of this repository{maySet ? ': New secret sets one, and so does ' : '. '}
          {maySet && <code>slipway secret set NAME --repository {repository}</code>}
          {maySet && '. '}Those that are set for all repositories can be mounted too.
        </>
      }
      keyOf={({ Name }) => Name}
      nameOf={({ Name }) => Name}
      line={({ Name, ModifiedTime }) => (
        <>
          <strong>{Name}</strong>
          <span className="quiet">
            set <Ago at={ModifiedTime} />
          </span>
        </>
      )}
      create={maySet && { action: 'PUT /secrets/NAME', fields: [NAME_FIELD, VALUE_FIELD], send: save }}
      change={
        maySet &&
        (({ Name }) => ({
          action: 'PUT /secrets/NAME',
          fixed: { secret: Name },
          fields: [VALUE_FIELD],
          send: save,
        }))
      }
      remove={maySet && (({ Name }) => removeSecret(repository, Name))}
      changed={() => void queries.invalidateQueries({ queryKey: ['secrets', repository] })}
    />
  );
}

const NAME_FIELD: FieldSpec = { name: 'secret', label: 'Name', kind: 'text', required: true };
const VALUE_FIELD: FieldSpec = {
  name: 'Value',
  label: 'Value',
  kind: 'area',
  required: true,
  hint: '6 characters to 16 KiB. It is never shown again.',
};
