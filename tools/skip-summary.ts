/** What Node's runner says of a test that ended. */
export interface EndedTest {
  name: string;
  nesting: number;
  /** The reason, or true without one. */
  skip?: string | boolean | undefined;
}

/** How many tests ran, and which did not, with the reasons. A part of a test is named only if it was skipped. */
export function skipSummary(ended: readonly EndedTest[]): string {
  const isSkipped = ({ skip }: EndedTest) => skip !== undefined && skip !== false;
  const skipped = ended.filter(isSkipped);
  const ran = ended.filter((test) => test.nesting === 0 && !isSkipped(test)).length;
  const lines = skipped.map(
    ({ name, skip }) => `  ${name}: ${typeof skip === 'string' ? skip : 'no reason was given'}\n`,
  );
  return `tests that ran: ${ran}, skipped: ${skipped.length}${skipped.length === 0 ? '' : ':'}\n${lines.join('')}`;
}
