import { invalidParameter } from '#rpc/api-error.ts';
import { parameterNotImplemented } from '#rpc/not-implemented.ts';
import type { RepoType } from './namespace.ts';

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

/** The type given for them, or undefined. Throws if the call asks for something that is not implemented. */
export function givenRepoType(given: GivenDefaults): RepoType | undefined {
  const defaults = given.DefaultRepoConfiguration;
  if (defaults?.TagImmutability) throw parameterNotImplemented('DefaultRepoConfiguration.TagImmutability');
  if (defaults?.ArtifactBuildRuleParameters?.ImageIndexOnly)
    throw parameterNotImplemented('DefaultRepoConfiguration.ArtifactBuildRuleParameters');
  if (given.DefaultRepoType !== undefined) return given.DefaultRepoType;
  const text = defaults?.RepoType;
  if (text === undefined || text === 'PRIVATE' || text === 'PUBLIC') return text;
  throw invalidParameter('DefaultRepoConfiguration.RepoType', `${JSON.stringify(text)} is neither PUBLIC nor PRIVATE`);
}
