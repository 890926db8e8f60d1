import { invalidParameter } from '#rpc/api-error.ts';
import { parameterNotImplemented } from '#rpc/not-implemented.ts';
import type { RepoType } from './namespace.ts';

/** What a call says of repositories that a push makes: by a parameter, or in a configuration of several. */
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

/** Their type, or undefined where the call says none. Throws where it asks for what there is not. */
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
