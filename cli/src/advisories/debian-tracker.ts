import { type Advisory, isObject, type ReadAdvisories, shortSummary } from './advisory.ts';
import { severityOfWord } from './severity.ts';

/** Whether JSON is the export of https://security-tracker.debian.org/tracker/data/json: source package, then name, then releases. */
export function isDebianTracker(json: Record<string, unknown>): boolean {
  const first = Object.values(json)[0];
  const issue = isObject(first) ? Object.values(first)[0] : undefined;
  return isObject(issue) && isObject(issue.releases);
}

/** Reads the export: an advisory for each package, name and release. What is not decided yet is left out, as the tracker's own tools do. */
export function readDebianTracker(json: Record<string, unknown>): ReadAdvisories {
  const advisories: Advisory[] = [];
  for (const [source, issues] of Object.entries(json))
    for (const [name, issue] of Object.entries(isObject(issues) ? issues : {}))
      if (isObject(issue)) advisories.push(...readIssue(source, name, issue));
  return { advisories, dataMs: undefined };
}

function readIssue(source: string, name: string, issue: Record<string, unknown>): Advisory[] {
  return Object.entries(isObject(issue.releases) ? issue.releases : {}).flatMap(([codename, release]) => {
    const { status, fixed_version: fixed, urgency } = isObject(release) ? release : {};
    const isFixed = status === 'resolved' && typeof fixed === 'string';
    // Version 0 says that the release was never affected.
    if ((!isFixed && status !== 'open') || fixed === '0') return [];
    return {
      Ecosystem: `Debian:${codename}`,
      Package: source,
      Name: name,
      Severity: severityOfWord(urgency) ?? 'Unknown',
      Summary: shortSummary(issue.description),
      Link: `https://security-tracker.debian.org/tracker/${name}`,
      Ranges: [{ Introduced: '0', ...(isFixed ? { Fixed: fixed } : {}) }],
    };
  });
}
