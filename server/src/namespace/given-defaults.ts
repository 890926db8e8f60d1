import { invalidParameter } from '#rpc/errors/api-error.ts';
import { parameterNotImplemented } from '#rpc/errors/not-implemented.ts';
import type { Namespace, RepoType } from './namespace.ts';

/** A call's defaults for repositories that a push creates: as one parameter, or inside a configuration object. */
interface GivenDefaults {
  DefaultRepoType?: RepoType | undefined;
  DefaultRepoConfiguration?:
    | {
        RepoType?: string | undefined;
        TagImmutability?: boolean | undefined;
        ArtifactBuildRuleParameters?: { ImageIndexOnly?: boolean | undefined } | undefined;
      }
    | undefined;
}

/** What is given of them. Throws if the call asks for something that is not implemented. */
export function givenDefaults(
  given: GivenDefaults,
): Partial<Pick<Namespace, 'defaultRepoType' | 'defaultTagImmutability' | 'defaultAcceleration'>> {
  const defaults = given.DefaultRepoConfiguration;
  if (defaults?.ArtifactBuildRuleParameters?.ImageIndexOnly)
    throw parameterNotImplemented('DefaultRepoConfiguration.ArtifactBuildRuleParameters');
  const defaultRepoType = given.DefaultRepoType ?? checkedType(defaults?.RepoType);
  const defaultTagImmutability = defaults?.TagImmutability;
  // The object is whole: what it leaves out is off.
  const defaultAcceleration = defaults && defaults.ArtifactBuildRuleParameters !== undefined;
  return {
    ...(defaultAcceleration === undefined ? {} : { defaultAcceleration }),
    ...(defaultRepoType === undefined ? {} : { defaultRepoType }),
    ...(defaultTagImmutability === undefined ? {} : { defaultTagImmutability }),
  };
}

function checkedType(text: string | undefined): RepoType | undefined {
  if (text === undefined || text === 'PRIVATE' || text === 'PUBLIC') return text;
  throw invalidParameter('DefaultRepoConfiguration.RepoType', `${JSON.stringify(text)} is neither PUBLIC nor PRIVATE`);
}
