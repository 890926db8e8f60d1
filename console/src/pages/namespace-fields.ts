import type { FieldSpec } from '../ui/Field.tsx';
import { WHO_CAN_PULL } from './who-can-pull.ts';

/** A namespace of images or of charts, as lists show it. */
export interface ShownNamespace {
  NamespaceName?: string | undefined;
  AutoCreateRepo?: boolean | undefined;
  DefaultRepoType?: string | undefined;
}

/** The field of a namespace that only its creation sets. */
export const NAMESPACE_NAME: FieldSpec = { name: 'NamespaceName', label: 'Name', kind: 'text', required: true };

/** The fields of a namespace that can be changed. `pushed` is what its repositories hold: `an image` or `a chart`. */
export function namespaceFields(
  pushed: string,
  { AutoCreateRepo: creates = false, DefaultRepoType: type = 'PRIVATE' }: ShownNamespace = {},
): FieldSpec[] {
  return [
    {
      name: 'AutoCreateRepo',
      label: `Create a repository when ${pushed} is pushed to it`,
      kind: 'switch',
      value: String(creates),
    },
    {
      name: 'DefaultRepoType',
      label: 'Who can pull from these repositories',
      kind: 'choice',
      choices: WHO_CAN_PULL,
      required: true,
      value: type,
    },
  ];
}

/** What a push to a namespace creates, in words. */
export function namespaceWords({ AutoCreateRepo: creates, DefaultRepoType: type }: ShownNamespace): string {
  if (!creates) return 'a push creates no repository';
  return `a push creates ${type === 'PUBLIC' ? 'public' : 'private'} repositories`;
}
