import { refNameMistake } from '../ref-name.ts';
import { COMMIT, fieldOf, shown, textOf, timeOf } from './event-fields.ts';

/** A pull or merge request with new commits. Nothing else in the report is used, above all no addresses. */
export interface PullRequestEvent {
  pullRequest: number;
  /** The name under which the target repository has its newest commit. */
  ref: string;
  /** The branch that it is to be merged into. */
  targetBranch: string;
  commitId: string;
  /** `namespace/name` of the target repository at the code host, if the event has it. */
  codeRepository: string | undefined;
  /** The commit that it had before, if the code host says so. */
  before?: string | undefined;
  /** When it got this commit: the code host's time, or when the event came for the first time if the host gives none. */
  pushedMs?: number | undefined;
}

/** Actions after which there are commits to build: of GitHub, Gitea, GitLab and Gitee. */
const ACTIONS = ['opened', 'open', 'reopened', 'reopen', 'synchronize', 'synchronized', 'update'];

/** Whether the body of an event reports a pull or merge request. */
export function isPullRequestEvent(body: Record<string, unknown>): boolean {
  return body.object_kind === 'merge_request' || fieldOf(body, 'pull_request') !== undefined;
}

/** The pull request in an event's body, or a sentence why there is nothing to build. */
export function parsePullRequestEvent(body: Record<string, unknown>): PullRequestEvent | string {
  const found =
    body.object_kind === 'merge_request' && body.object_attributes !== undefined ? gitLabFields(body) : fields(body);
  const { action, number, ref, targetBranch, commitId, codeRepository, hasNewCommits, pushedMs } = found;
  const before = found.before !== undefined && COMMIT.test(found.before) ? found.before : undefined;
  if (typeof action !== 'string' || !ACTIONS.includes(action) || !hasNewCommits)
    return 'the pull request has no new commits';
  if (!Number.isSafeInteger(number) || (number as number) < 1) return 'the pull request has no number';
  if (commitId === undefined || !COMMIT.test(commitId)) return `${shown(commitId ?? '')} is not a commit`;
  if (targetBranch === undefined) return 'the pull request names no target branch';
  const mistake = refNameMistake(targetBranch);
  if (mistake !== undefined) return `${shown(targetBranch)} is not the name of a branch: ${mistake}`;
  const pullRequest = number as number;
  return { pullRequest, ref: ref(pullRequest), targetBranch, commitId, codeRepository, before, pushedMs };
}

interface Fields {
  action: unknown;
  number: unknown;
  ref(number: number): string;
  targetBranch: string | undefined;
  commitId: string | undefined;
  codeRepository: string | undefined;
  hasNewCommits: boolean;
  before: string | undefined;
  pushedMs: number | undefined;
}

/** GitHub, Gitea and Gitee. */
function fields(body: Record<string, unknown>): Fields {
  const pullRequest = fieldOf(body, 'pull_request');
  const base = fieldOf(pullRequest, 'base');
  // Gitee reports every change of a request as an update.
  const change = body.action_desc;
  return {
    action: body.action,
    number: fieldOf(pullRequest, 'number') ?? body.number,
    ref: (number) => `refs/pull/${number}/head`,
    targetBranch: textOf(base, 'ref'),
    commitId: textOf(fieldOf(pullRequest, 'head'), 'sha'),
    codeRepository: textOf(fieldOf(base, 'repo'), 'full_name'),
    hasNewCommits: body.action !== 'update' || change === undefined || change === 'source_branch_changed',
    before: textOf(body, 'before'),
    pushedMs: timeOf(pullRequest, 'updated_at'),
  };
}

function gitLabFields(body: Record<string, unknown>): Fields {
  const attributes = fieldOf(body, 'object_attributes');
  return {
    action: fieldOf(attributes, 'action'),
    number: fieldOf(attributes, 'iid'),
    ref: (number) => `refs/merge-requests/${number}/head`,
    targetBranch: textOf(attributes, 'target_branch'),
    commitId: textOf(fieldOf(attributes, 'last_commit'), 'id'),
    codeRepository: textOf(fieldOf(attributes, 'target'), 'path_with_namespace'),
    // Only an update that brings commits says what was before them.
    hasNewCommits: fieldOf(attributes, 'action') !== 'update' || fieldOf(attributes, 'oldrev') !== undefined,
    before: textOf(attributes, 'oldrev'),
    pushedMs: timeOf(attributes, 'updated_at'),
  };
}
