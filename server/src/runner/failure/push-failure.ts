import type { FailureKind } from '#build/failure/failure-kind.ts';
import type { RegistryError } from '#registry/foreign/registry-error.ts';
import { BuildFailed } from './build-failed.ts';

/** Our own registry's refusals of a push, by its words; names of tags and repositories cannot contain them. */
const REFUSALS: readonly [words: string, kind: FailureKind][] = [
  ['does not allow tags to be overwritten', 'push-tag-immutable'],
  ['the repository does not exist', 'push-repository-missing'],
];

/** The failure of a build whose image our own registry did not take. */
export function pushFailure(error: RegistryError): BuildFailed {
  const refusal = REFUSALS.find(([words]) => error.detail.includes(words))?.[1];
  const kind = refusal ?? (error.kind === 'unreachable' ? 'storage-away' : 'push-refused');
  return new BuildFailed(kind, `the image could not be pushed: ${error.message}`, { cause: error });
}
