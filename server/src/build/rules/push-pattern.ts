import { RE2JS, RE2JSSyntaxException } from 're2js';
import { isTag } from '#repository/repository.ts';
import { refNameMistake } from '#source/ref-name.ts';

/** How a rule selects pushes: a name or a pattern, and the tag that results. */
export interface PushPattern {
  pushName: string;
  imageTag: string;
}

const PATTERN_LIMIT = 256;
// Version names contain dots and pluses, so these alone do not make a name an expression.
const EXPRESSION = /[\\^$|?*()[\]{}]/;
const VERSION = '$version';
// `$version` matches the rest of the name.
const VERSION_GROUP = '(?<version>.+)';
const PLACE = /\$\{(\w+)\}|\$(\w+)/g;

/**
 * Why a rule's PushName and ImageTag cannot be used together, or undefined if they can. A PushName is the name of a branch or
 * tag, a name with `$version` in it, or a regular expression (RE2 syntax, with named groups as in `release-(?<imageTag>\w*)`) that
 * must match the whole name. An expression that is also a valid Git name (`rel(1)`) is both. The tag can refer to groups:
 * `${imageTag}`, `$version`.
 */
export function pushPatternMistake(
  pattern: PushPattern,
): { parameter: 'PushName' | 'ImageTag'; reason: string } | undefined {
  const { pushName, imageTag } = pattern;
  const shown = JSON.stringify(pushName);
  if (!isPushPattern(pushName)) {
    const mistake = refNameMistake(pushName);
    if (mistake !== undefined)
      return { parameter: 'PushName', reason: `${shown} is not the name of a branch or tag: ${mistake}` };
    return isTag(imageTag) ? undefined : { parameter: 'ImageTag', reason: `${JSON.stringify(imageTag)} is not a tag` };
  }
  if (pushName.length > PATTERN_LIMIT)
    return { parameter: 'PushName', reason: `it has ${pushName.length} characters; ${PATTERN_LIMIT} is the limit` };
  if (/[\p{Cc}\s]/u.test(pushName))
    return { parameter: 'PushName', reason: `${shown} is not the name of a branch or tag` };
  const compiled = compile(pushName);
  if (typeof compiled === 'string')
    return {
      parameter: 'PushName',
      reason: `${shown} is read as a regular expression for its ( ) [ ] { } | ^ $ ? * or \\, but is not a valid one: ${compiled}; a \\ before such a character makes it literal`,
    };
  const groups = Object.keys(compiled.namedGroups());
  const unknown = [...imageTag.matchAll(PLACE)]
    .map((match) => match[1] ?? match[2] ?? '')
    .find((name) => !groups.includes(name));
  if (unknown !== undefined) {
    const known = groups.length === 0 ? 'none' : groups.join(', ');
    return { parameter: 'ImageTag', reason: `PushName has no group named ${unknown}; it has ${known}` };
  }
  return isTag(imageTag.replace(PLACE, 'x'))
    ? undefined
    : { parameter: 'ImageTag', reason: `${JSON.stringify(imageTag)} is not a tag` };
}

/** Whether only a push can choose the branch or tag of a rule. */
export function isPushPattern(pushName: string): boolean {
  return EXPRESSION.test(pushName);
}

/**
 * The tag under which a push of this name is built; undefined if the rule does not match. If it matches but the result is not a
 * valid tag (such as one with `feature/x` in it), `invalidTag` has the result instead.
 */
export function matchPush(
  pattern: PushPattern,
  name: string,
): { imageTag: string } | { invalidTag: string } | undefined {
  const { pushName, imageTag } = pattern;
  if (!isPushPattern(pushName)) return name === pushName ? { imageTag } : undefined;
  const compiled = compile(pushName);
  if (typeof compiled === 'string') return undefined;
  const matcher = compiled.matcher(name);
  if (!matcher.matches()) return name === pushName ? tagOf(imageTag) : undefined;
  const groups = compiled.namedGroups();
  // The vendor's console also accepts the plain name of a group as the tag.
  const template = Object.hasOwn(groups, imageTag) ? `\${${imageTag}}` : imageTag;
  const tag = template.replace(
    PLACE,
    (_, braced?: string, plain?: string) => matcher.group(braced ?? plain ?? '') ?? '',
  );
  return tagOf(tag);
}

function tagOf(tag: string): { imageTag: string } | { invalidTag: string } {
  return isTag(tag) ? { imageTag: tag } : { invalidTag: tag };
}

/** The pattern as a regular expression, or why it is not a valid one. */
function compile(pushName: string): RE2JS | string {
  const at = pushName.indexOf(VERSION);
  const rest = at < 0 ? '' : pushName.slice(at + VERSION.length);
  // `$version` in plain text is the older form. A `$` elsewhere is the end of the name.
  const text =
    at < 0 || /^\w/.test(rest) ? pushName : `${RE2JS.quote(pushName.slice(0, at))}${VERSION_GROUP}${RE2JS.quote(rest)}`;
  try {
    return RE2JS.compile(text);
  } catch (error) {
    if (error instanceof RE2JSSyntaxException) return error.message;
    throw error;
  }
}
