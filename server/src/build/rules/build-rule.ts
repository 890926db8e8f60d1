import type { Requester } from '#account/requester.ts';

/** The maximum number of build rules per repository. Each push checks all of them. */
export const RULES_LIMIT = 200;

/** Which pushes start a build, and how it is built. */
export interface BuildRule {
  buildRuleId: string;
  instanceId: string;
  repoId: string;
  pushType: 'GIT_BRANCH' | 'GIT_TAG';
  /** A branch or tag, or a pattern for one. */
  pushName: string;
  imageTag: string;
  /** The folder of the Dockerfile inside the source; `/` is the top. */
  dockerfileLocation: string;
  dockerfileName: string;
  buildArgs: readonly string[];
  platforms: readonly string[];
  createdMs: number;
  modifiedMs: number;
  /** Who created or last changed it. A push builds with this requester's rights. Undefined for rules older than this field. */
  requester: Requester | undefined;
}
