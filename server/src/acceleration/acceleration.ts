import type { RuleAuthor } from '#account/rule-author.ts';
import { jobKind } from '#job/job.ts';
import { invalidParameter } from '#rpc/errors/api-error.ts';
import { parameterNotImplemented } from '#rpc/errors/not-implemented.ts';

/**
 * A rule: every image that is pushed to the repository is converted into one that a runtime can start before it has
 * downloaded all of it.
 */
export interface AccelerationRule {
  ruleId: string;
  instanceId: string;
  repoId: string;
  /** Base64: the paths of files that a runtime fetches first, one per line. */
  priorityFile: string | undefined;
  author: RuleAuthor;
}

/** One conversion, of the image that a tag pointed to. */
export interface AccelerationTask {
  taskId: string;
  instanceId: string;
  repoId: string;
  tag: string;
  digest: string;
  createdMs: number;
  /** The author of the rule that made it. */
  author: RuleAuthor;
}

/** A conversion as a job; its id is that of the task. */
export const ACCELERATE = jobKind<Pick<AccelerationTask, 'taskId' | 'instanceId'>, { digest: string }>('accelerate');

/** The end of an accelerated image's tag, after the tag of the original; the vendor's is the same. */
export const ACCELERATED = '_accelerated';

const TAG_LIMIT = 128;
const PRIORITY_LIMIT_BYTES = 64 * 1024;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** Whether a tag is that of an accelerated image, which is not converted again. */
export function isAccelerated(tag: string): boolean {
  return tag.endsWith(ACCELERATED);
}

/** Why the image of a tag cannot be converted: the tag leaves no room for the end of the new one. Undefined if it does. */
export function tagLengthMistake(tag: string): string | undefined {
  const most = TAG_LIMIT - ACCELERATED.length;
  if (tag.length <= most) return undefined;
  return `The tag has ${tag.length} characters; with more than ${most}, there is no room for ${ACCELERATED}. Push the image with a shorter tag.`;
}

/** The paths of a priority file, without blank lines. Empty for none. */
export function priorityPaths(priorityFile: string | undefined): string[] {
  const text = Buffer.from(priorityFile ?? '', 'base64').toString();
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/**
 * The priority file in a call's parameters; undefined if there is none. Throws InvalidParameter for an invalid one, and
 * for parameters that are not supported here.
 */
export function givenPriorityFile(parameters: unknown): string | undefined {
  const { PriorityFile, ImageIndexOnly, ...unknown } = (parameters ?? {}) as Record<string, unknown>;
  const wrong = (reason: string) => invalidParameter('Parameters', reason, 'InvalidParameter.Parameters');
  const [name] = Object.keys(unknown);
  if (name !== undefined)
    throw wrong(`it has ${JSON.stringify(name.slice(0, 100))}; only PriorityFile and ImageIndexOnly are known.`);
  if (ImageIndexOnly === true || ImageIndexOnly === 'true') throw parameterNotImplemented('Parameters.ImageIndexOnly');
  if (PriorityFile === undefined || PriorityFile === '') return undefined;
  const isText = typeof PriorityFile === 'string' && PriorityFile.length <= (PRIORITY_LIMIT_BYTES * 4) / 3 + 4;
  if (!isText || !BASE64.test(PriorityFile))
    throw wrong(`PriorityFile is not base64 of at most ${PRIORITY_LIMIT_BYTES} bytes.`);
  const relative = priorityPaths(PriorityFile).find((path) => !path.startsWith('/'));
  if (relative !== undefined)
    throw wrong(`PriorityFile has ${JSON.stringify(relative.slice(0, 100))}, which is not an absolute path.`);
  return PriorityFile;
}
