interface Rule {
  PushType?: string | undefined;
  PushName?: string | undefined;
}

// What makes the name of a rule an expression for the server.
const PATTERN = /[\\^$|?*()[\]{}]/;

/** Whether a rule builds every branch or tag that matches, so that only its caller can say which one to build now. */
export function isPattern({ PushName = '' }: Rule): boolean {
  return PATTERN.test(PushName);
}

/** What starts a build of a rule: `Every push to the branch`, followed by the name or the pattern. */
export function startOf(rule: Rule): string {
  if (rule.PushType === 'GIT_TAG') return isPattern(rule) ? 'Every Git tag that matches' : 'Every push of the Git tag';
  return isPattern(rule) ? 'Every push to a branch that matches' : 'Every push to the branch';
}
