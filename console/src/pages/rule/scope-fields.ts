import type { FieldSpec } from '../../ui/Field.tsx';

/** Which images a rule is for. */
interface Scope {
  scope?: string | undefined;
  namespaces?: readonly string[] | undefined;
  repoNames?: readonly string[] | undefined;
  tags?: string | undefined;
}

const SCOPES = {
  INSTANCE: 'All repositories',
  NAMESPACE: 'All repositories of some namespaces',
  REPO: 'Some repositories of one namespace',
};

/** The fields that say which images a rule is for. `scopeName` is the parameter of the API. */
export function scopeFields(
  scopeName: string,
  { scope, namespaces = [], repoNames = [], tags = '' }: Scope,
): FieldSpec[] {
  return [
    {
      name: scopeName,
      label: 'Where',
      kind: 'choice',
      required: true,
      choices: SCOPES,
      value: scope ?? 'INSTANCE',
    },
    {
      name: 'Namespaces',
      label: 'Namespaces',
      kind: 'lines',
      required: true,
      value: namespaces.join('\n'),
      hint: 'One per line.',
      when: { field: scopeName, is: ['NAMESPACE', 'REPO'] },
    },
    {
      name: 'RepoNames',
      label: 'Repositories',
      kind: 'lines',
      required: true,
      value: repoNames.join('\n'),
      hint: 'Their names without the namespace, one per line.',
      when: { field: scopeName, is: ['REPO'] },
    },
    {
      name: 'RepoTagFilterPattern',
      label: 'Tags that match',
      kind: 'text',
      value: tags,
      hint: 'A regular expression for the whole tag, such as v.*. If empty, every tag matches.',
    },
  ];
}

/** Which images a rule is for, in words. */
export function scopeWords({ scope, namespaces = [], repoNames = [], tags = '' }: Scope): string {
  const matching = tags === '' || tags === '.*' ? '' : `, tags that match ${tags}`;
  if (scope === 'INSTANCE') return `all repositories${matching}`;
  if (scope === 'NAMESPACE') return `all of ${namespaces.join(', ')}${matching}`;
  return `${repoNames.map((name) => `${namespaces[0]}/${name}`).join(', ')}${matching}`;
}
