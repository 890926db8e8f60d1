import type { Finding, Severity } from '../advisory/finding.ts';

/** What a report says, or why it cannot be read. */
export type ReadReport = { findings: Finding[] } | { mistake: string };

const FINDINGS_LIMIT = 50_000;
const [NAME_CHARS, VERSION_CHARS, TEXT_CHARS] = [300, 200, 500];
const SEVERITIES: Readonly<Record<string, Severity>> = {
  critical: 'High',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
  negligible: 'Low',
};

/**
 * Reads a vulnerability report of a scanner. Runs in a confined process: a scanner is an external program.
 * https://github.com/goharbor/pluggable-scanner-spec/blob/master/api/spec/scanner-adapter-openapi-v1.2.yaml
 */
export function readReport(text: string): ReadReport {
  let report: unknown;
  try {
    report = JSON.parse(text);
  } catch {
    return { mistake: 'its report is not JSON' };
  }
  const listed = isObject(report) ? (report.vulnerabilities ?? []) : undefined;
  if (!Array.isArray(listed)) return { mistake: 'its report has no list of vulnerabilities' };
  if (listed.length > FINDINGS_LIMIT) return { mistake: `its report has more than ${FINDINGS_LIMIT} vulnerabilities` };
  const findings = listed.map(findingOf);
  const isWhole = findings.every((each): each is Finding => each !== undefined);
  return isWhole ? { findings } : { mistake: 'a vulnerability of its report has no id or package' };
}

function findingOf(entry: unknown): Finding | undefined {
  if (!isObject(entry)) return undefined;
  const [name, packageName] = [textOf(entry.id, NAME_CHARS), textOf(entry.package, NAME_CHARS)];
  if (name === '' || packageName === '') return undefined;
  const layers = Array.isArray(entry.artifact_digests) ? entry.artifact_digests : [];
  return {
    name,
    alias: '',
    kind: 'cve',
    package: packageName,
    format: '',
    path: '',
    fixCommand: '',
    severity: SEVERITIES[textOf(entry.severity, NAME_CHARS).toLowerCase()] ?? 'Unknown',
    version: textOf(entry.version, VERSION_CHARS),
    fixedVersion: textOf(entry.fix_version, VERSION_CHARS),
    layer: textOf(layers[0], NAME_CHARS),
    link: textOf(Array.isArray(entry.links) ? entry.links[0] : undefined, TEXT_CHARS),
    description: textOf(entry.description, TEXT_CHARS),
  };
}

function textOf(value: unknown, limitChars: number): string {
  return typeof value === 'string' ? value.slice(0, limitChars) : '';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
