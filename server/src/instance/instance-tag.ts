import { ApiError, invalidParameter, missingParameter } from '#rpc/errors/api-error.ts';

/** A tag of an instance. */
export interface InstanceTag {
  readonly key: string;
  readonly value: string;
}

/** A tag as a call gives it. */
export interface GivenTag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

const LONGEST = 128;
const AT_ONCE = 20;

/**
 * The tags that a call adds to instances. Throws the vendor's codes for a missing, invalid or duplicate tag, and for
 * too many.
 */
export function givenTags(tags: readonly GivenTag[]): InstanceTag[] {
  if (tags.length > AT_ONCE)
    throw new ApiError('NumberExceed.Tags', 400, `${tags.length} tags are given; ${AT_ONCE} is the limit.`);
  const given = tags.map(({ Key, Value }, i) => {
    if (Value === undefined) throw missingParameter(`Tag.${i + 1}.Value`, 'MissingParameter.TagValue');
    return { key: givenKey(`Tag.${i + 1}.Key`, Key), value: givenValue(`Tag.${i + 1}.Value`, Value) };
  });
  const keys = given.map(({ key }) => key);
  const double = keys.find((key, i) => keys.indexOf(key) !== i);
  if (double !== undefined)
    throw new ApiError('Duplicate.TagKey', 400, `The tag key ${JSON.stringify(double)} is given twice.`);
  return given;
}

/** The tags by which a list is filtered: each with a key, and with any value if none is given. */
export function wantedTags(tags: readonly GivenTag[]): { key: string; value: string | undefined }[] {
  if (tags.length > AT_ONCE)
    throw new ApiError('NumberExceed.Tags', 400, `${tags.length} tags are given; ${AT_ONCE} is the limit.`);
  return tags.map(({ Key, Value }, i) => ({ key: givenKey(`Tag.${i + 1}.Key`, Key), value: Value }));
}

/** The keys of the tags to remove; undefined for all. */
export function givenKeys({
  TagKey = [],
  All,
}: {
  TagKey?: readonly string[] | undefined;
  All?: boolean | undefined;
}): readonly string[] | undefined {
  if (TagKey.length > AT_ONCE)
    throw new ApiError('NumberExceed.TagKeys', 400, `${TagKey.length} keys are given; ${AT_ONCE} is the limit.`);
  if (TagKey.length > 0) return TagKey;
  if (All) return undefined;
  const reason = 'send the keys to remove as TagKey.1, TagKey.2, …, or All=true for every tag.';
  throw invalidParameter('TagKey', reason, 'InvalidParameter.TagKeysOrDeleteAll');
}

/** The ids that a call names. Throws if it must name some and names none, and for too many. */
export function givenIds(ids: readonly string[] | undefined): readonly string[] {
  if (ids === undefined || ids.length === 0) throw missingParameter('ResourceId', 'MissingParameter.ResourceIds');
  if (ids.length > AT_ONCE)
    throw new ApiError('NumberExceed.ResourceIds', 400, `${ids.length} instances are named; ${AT_ONCE} is the limit.`);
  return [...new Set(ids)];
}

/** Refuses resources that cannot have tags here, and another region than this server's. */
export function checkTagged(
  { ResourceType, RegionId }: { ResourceType: string; RegionId: string },
  regionId: string,
): void {
  if (ResourceType.toLowerCase() !== 'instance') {
    throw invalidParameter('ResourceType', `only instances have tags: send Instance.`, 'InvalidParameter.ResourceType');
  }
  if (RegionId !== regionId)
    throw invalidParameter('RegionId', `the instances here are in ${regionId}.`, 'InvalidParameter.RegionId');
}

function givenKey(name: string, key: string | undefined): string {
  if (key === undefined || key === '') throw missingParameter(name, 'MissingParameter.TagKey');
  const mistake = tagMistake(key);
  if (mistake) throw invalidParameter(name, mistake, 'InvalidParameter.TagKey');
  return key;
}

function givenValue(name: string, value: string): string {
  const mistake = tagMistake(value);
  if (mistake) throw invalidParameter(name, mistake, 'InvalidParameter.TagValue');
  return value;
}

function tagMistake(text: string): string | undefined {
  if (text.length > LONGEST) return `it has ${text.length} characters; ${LONGEST} is the limit.`;
  if (/^(aliyun|acs:)/.test(text)) return 'it may not begin with aliyun or acs:.';
  if (/https?:\/\//.test(text)) return 'it may not contain http:// or https://.';
  return undefined;
}
