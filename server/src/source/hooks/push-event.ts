import { refNameMistake } from '../ref-name.ts';
import { COMMIT, NAME_LIMIT_CHARS, shown, textOf, timeOf } from './event-fields.ts';
import type { OrderedPush } from './push-order.ts';

/** A push, as reported by a code host. Nothing else in the report is used, above all no addresses. */
export interface PushEvent extends OrderedPush {
  pushType: 'GIT_BRANCH' | 'GIT_TAG';
  /** The name of the branch or tag. */
  name: string;
  /** Undefined if the branch or tag was deleted. */
  commitId: string | undefined;
  /** `namespace/name` at the code host, if the event has it. */
  codeRepository: string | undefined;
}

const REF = /^refs\/(heads|tags)\/(.+)$/;
const NO_COMMIT = /^0+$/;

/** The push in an event's body, or a sentence why there is nothing to build. */
export function parsePushEvent(body: Record<string, unknown>): PushEvent | string {
  const { ref, before, after, checkout_sha: checkedOut, deleted, repository, project } = body;
  if (typeof ref !== 'string' || typeof after !== 'string') return 'it is not a push';
  if (ref.length > NAME_LIMIT_CHARS) return `${shown(ref)} is longer than a name can be`;
  const [, kind, name] = REF.exec(ref) ?? [];
  if (name === undefined) return `${shown(ref)} is neither a branch nor a tag`;
  const mistake = refNameMistake(name);
  if (mistake !== undefined) return `${shown(name)} is not a name that can be built: ${mistake}`;
  const isDeleted = deleted === true || NO_COMMIT.test(after);
  if (!isDeleted && !COMMIT.test(after)) return `${shown(after)} is not a commit`;
  // GitLab reports the commit separately, because for an annotated tag the pushed object is not the commit.
  const commitId = typeof checkedOut === 'string' ? checkedOut : after;
  if (!isDeleted && !COMMIT.test(commitId)) return `${shown(commitId)} is not a commit`;
  return {
    pushType: kind === 'tags' ? 'GIT_TAG' : 'GIT_BRANCH',
    name,
    commitId: isDeleted ? undefined : commitId,
    before: typeof before === 'string' && COMMIT.test(before) ? before : undefined,
    after: isDeleted ? '0' : after,
    pushedMs: timeOf(repository, 'pushed_at') ?? timeOf(repository, 'updated_at'),
    codeRepository: textOf(project, 'path_with_namespace') ?? textOf(repository, 'full_name'),
  };
}
