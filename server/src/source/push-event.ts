import type { DeliveryHeaders } from './push-signature.ts';
import { refNameMistake } from './ref-name.ts';

/** A push as a code host tells of it. Everything else of its story (addresses above all) is not used. */
export interface PushEvent {
  pushType: 'GIT_BRANCH' | 'GIT_TAG';
  /** The branch or tag. */
  name: string;
  commitId: string;
  /** `namespace/name` at the code host, if the event says it. */
  codeRepository: string | undefined;
}

const REF = /^refs\/(heads|tags)\/(.+)$/;
const COMMIT = /^[0-9a-f]{40}([0-9a-f]{24})?$/;

/** The names of a delivery by which it is known again: the code host's own id, if it gave one, and the body's hash. */
export function deliveryNames(headers: DeliveryHeaders, bodySha256: string): string[] {
  const ids = ['x-gitea-delivery', 'x-github-delivery', 'x-gitlab-event-uuid', 'x-gitee-delivery', 'idempotency-key'];
  const given = ids.map((name) => headers[name]).find((value) => typeof value === 'string' && value !== '');
  return [...(given === undefined ? [] : [`id ${String(given).slice(0, 200)}`]), `body ${bodySha256}`];
}

/** The push in an event's body, or a sentence why there is none to build. */
export function parsePushEvent(body: unknown): PushEvent | string {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return 'the body is not a JSON object';
  const { ref, after, checkout_sha: checkedOut, deleted, repository, project } = body as Record<string, unknown>;
  if (typeof ref !== 'string' || typeof after !== 'string') return 'it is not a push';
  const [, kind, name] = REF.exec(ref) ?? [];
  if (name === undefined) return `${shown(ref)} is neither a branch nor a tag`;
  if (deleted === true || /^0+$/.test(after)) return `${shown(name)} was deleted`;
  const mistake = refNameMistake(name);
  if (mistake !== undefined) return `${shown(name)} is a name that is not built: ${mistake}`;
  // GitLab gives the commit beside the object that was pushed, which for a tag with a message is another.
  const commitId = typeof checkedOut === 'string' ? checkedOut : after;
  if (!COMMIT.test(commitId)) return `${shown(commitId)} is no commit`;
  return {
    pushType: kind === 'tags' ? 'GIT_TAG' : 'GIT_BRANCH',
    name,
    commitId,
    codeRepository: textOf(project, 'path_with_namespace') ?? textOf(repository, 'full_name'),
  };
}

function textOf(value: unknown, name: string): string | undefined {
  const text = (value as Record<string, unknown> | undefined | null)?.[name];
  return typeof text === 'string' ? text : undefined;
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, 200));
}
