import type { Requester } from '#account/requester.ts';

/** How many build rules a repository may have: each push looks at all of them. */
export const RULES_LIMIT = 200;

/** What makes a push a build, and how. */
export interface BuildRule {
  buildRuleId: string;
  instanceId: string;
  repoId: string;
  pushType: 'GIT_BRANCH' | 'GIT_TAG';
  /** A branch or tag, or a pattern for one. */
  pushName: string;
  imageTag: string;
  /** Folder of the Dockerfile inside the source; `/` is the top. */
  dockerfileLocation: string;
  dockerfileName: string;
  buildArgs: readonly string[];
  platforms: readonly string[];
  createdMs: number;
  modifiedMs: number;
  /** Who made or last changed it: a push builds with that one's rights. Undefined of rules from before that was kept. */
  requester: Requester | undefined;
}
