/**
 * Whether a pattern of policies (`*` any characters, `?` one) covers a text. Two pointers and one place to come back
 * to: the time is at most pattern × text, so that no pattern can hang the server. A `*` in the text stands for
 * anything and is covered by `*` alone.
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

/** Actions are compared without regard to case, as RAM does. */
export function actionCovers(pattern: string, action: string): boolean {
  return globCovers(pattern.toLowerCase(), action.toLowerCase());
}

/**
 * Whether a resource pattern covers a resource, case-sensitively and field by field, so that a `*` for the region
 * cannot reach into the path. A call on `*` alone, whose action knows nothing narrower, is covered only by a pattern
 * that narrows nothing: `*`, or `acs:<service>:*:*:*`.
 */
export function resourceCovers(pattern: string, resource: string): boolean {
  if (/^\*+$/.test(pattern)) return true;
  const wanted = fields(pattern);
  if (!wanted) return false;
  if (resource === '*') return wanted.slice(2).every((field) => /^\*+$/.test(field));
  const given = fields(resource);
  return given?.every((field, i) => globCovers(wanted[i] ?? '', field)) ?? false;
}

/** `acs`, service, region, account and the rest, which may hold colons; undefined for what is none. */
function fields(arn: string): string[] | undefined {
  const parts = arn.split(':');
  if (parts.length < 5 || parts[0] !== 'acs') return undefined;
  return [...parts.slice(0, 4), parts.slice(4).join(':')];
}
