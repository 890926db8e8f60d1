/**
 * Whether a policy's pattern (`*` any characters, `?` one) matches a text. It uses two pointers and one position to resume
 * from, so the time is at most pattern × text and no pattern can hang the server. A `*` in the text means anything, and only
 * `*` matches it.
 */
export function globCovers(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    if (pattern[p] === '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.length && fits(pattern[p], text[t])) {
      p++;
      t++;
    } else if (star !== -1) {
      p = star + 1;
      t = ++resume;
    } else return false;
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}

function fits(sign: string | undefined, character: string | undefined): boolean {
  return sign === '?' ? character !== '*' : sign === character;
}

/** Whether a pattern matches an action. As in RAM, case is ignored. */
export function actionCovers(pattern: string, action: string): boolean {
  return globCovers(pattern.toLowerCase(), action.toLowerCase());
}

/**
 * Whether a pattern matches a resource, case-sensitively and field by field, so that a `*` for the region cannot match part of
 * the path. A call on `*`, whose action has no narrower resource, is matched only by a pattern without restrictions: `*`, or
 * `acs:<service>:*:*:*`.
 */
export function resourceCovers(pattern: string, resource: string): boolean {
  if (/^\*+$/.test(pattern)) return true;
  const wanted = fields(pattern);
  if (!wanted) return false;
  if (resource === '*') return wanted.slice(2).every((field) => /^\*+$/.test(field));
  const given = fields(resource);
  return given?.every((field, i) => globCovers(wanted[i] ?? '', field)) ?? false;
}

/** The fields of an ARN: `acs`, service, region, account and the rest, which may contain colons. Undefined if it is not an ARN. */
function fields(arn: string): string[] | undefined {
  const parts = arn.split(':');
  if (parts.length < 5 || parts[0] !== 'acs') return undefined;
  return [...parts.slice(0, 4), parts.slice(4).join(':')];
}
