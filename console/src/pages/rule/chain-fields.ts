import { type ChainChoice, chainChoiceOf, type DeniedLevel, type DeniedTag } from '@slipway/client/chain-choice.ts';
import type { Chain } from '../../api/chain-queries.ts';
import type { FieldSpec } from '../../ui/Field.tsx';

const NOTHING: ChainChoice = {
  scans: true,
  level: 'HIGH',
  count: 1,
  names: [],
  needsBoth: false,
  deniedTag: 'BLOCK',
  replicates: true,
  triggers: true,
};

const DENIED = {
  HIGH: 'High',
  MEDIUM: 'Medium or high',
  LOW: 'Low, medium or high',
  UNKNOWN: 'Any, including unknown',
};
const DENIED_TAG = {
  BLOCK: 'Keep it',
  BLOCK_DELETE_TAG: 'Remove it; it can be restored',
  BLOCK_RETAG: 'Move it back to the previous image',
};

const WHILE_SCANNING = { field: 'scans', is: ['true'] };

/** The fields of a chain's form. What the API takes as one JSON text has a field for each choice. */
export function chainFields({ chain, withPlace }: { chain?: Chain; withPlace: boolean }): FieldSpec[] {
  const choice = chain === undefined ? NOTHING : chainChoiceOf(chain.ChainConfig);
  const isWide = withPlace || (chain !== undefined && chain.RepoName === undefined);
  return [
    { name: 'Name', label: 'Name', kind: 'text', required: true, value: chain?.Name ?? '' },
    { name: 'Description', label: 'What it is for', kind: 'text', value: chain?.Description ?? '' },
    ...(withPlace ? PLACE_FIELDS : []),
    ...(isWide ? [excludeField(chain)] : []),
    { name: 'scans', label: 'Scan images', kind: 'switch', value: String(choice.scans) },
    {
      name: 'level',
      label: 'Deny vulnerabilities of severity',
      kind: 'choice',
      choices: DENIED,
      value: choice.level ?? '',
      hint: 'If empty, none.',
      when: WHILE_SCANNING,
    },
    {
      name: 'count',
      label: 'From this many',
      kind: 'text',
      value: String(choice.count ?? 1),
      when: WHILE_SCANNING,
    },
    {
      name: 'names',
      label: 'Deny these vulnerabilities',
      kind: 'lines',
      value: choice.names.join('\n'),
      hint: 'One per line, such as CVE-2023-0001.',
      when: WHILE_SCANNING,
    },
    {
      name: 'needsBoth',
      label: 'Deny only images that both apply to',
      kind: 'switch',
      value: String(choice.needsBoth),
      when: WHILE_SCANNING,
    },
    {
      name: 'deniedTag',
      label: 'The tag of a denied image',
      kind: 'choice',
      required: true,
      choices: DENIED_TAG,
      value: choice.deniedTag,
      when: WHILE_SCANNING,
    },
    { name: 'replicates', label: 'Replicate what passes', kind: 'switch', value: String(choice.replicates) },
    { name: 'triggers', label: 'Call triggers for what passes', kind: 'switch', value: String(choice.triggers) },
  ];
}

const PLACE_FIELDS: FieldSpec[] = [
  { name: 'RepoNamespaceName', label: 'Namespace', kind: 'text', required: true },
  {
    name: 'RepoName',
    label: 'Only for repository',
    kind: 'text',
    hint: 'Its name without the namespace. If empty, all repositories without a chain of their own.',
  },
];

function excludeField(chain: Chain | undefined): FieldSpec {
  return {
    name: 'ScopeExclude',
    label: 'Except',
    kind: 'lines',
    value: chain?.ScopeExclude.join('\n') ?? '',
    hint: 'Repositories of the namespace that the chain skips, one per line.',
  };
}

/** What a form chose; what it has no field for stays as it was. */
export function choiceGiven(given: Readonly<Record<string, unknown>>, before: ChainChoice = NOTHING): ChainChoice {
  const { scans, level, count, names, needsBoth, deniedTag, replicates, triggers } = given;
  return {
    ...before,
    scans: scans === 'true',
    level: level as DeniedLevel | undefined,
    count: Number(count ?? 1),
    names: (names as string[] | undefined) ?? [],
    needsBoth: needsBoth === 'true',
    deniedTag: (deniedTag as DeniedTag | undefined) ?? 'BLOCK',
    replicates: replicates === 'true',
    triggers: triggers === 'true',
  };
}
