/** From the most severe to unrated. */
export const SEVERITIES = ['High', 'Medium', 'Low', 'Unknown'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** `cve` is for a package of the distribution, `sca` for one of a language. */
export type FindingKind = 'cve' | 'sca';

/** A vulnerability that an image has. Texts that nobody knows are empty. */
export interface Finding {
  /** `CVE-…` if it has such a name. */
  name: string;
  alias: string;
  severity: Severity;
  kind: FindingKind;
  package: string;
  version: string;
  /** The first version without it. */
  fixedVersion: string;
  /** The package manager: dpkg, apk, rpm, npm, golang, python, or a scanner's own name. */
  format: string;
  /** A file of the image. */
  path: string;
  /** Digest of the layer that added the package. */
  layer: string;
  link: string;
  description: string;
  /** A command that installs the version, if there is one. */
  fixCommand: string;
}

/** How many findings of each severity there are. */
export type SeverityCounts = Readonly<Record<Severity, number>>;

export function countSeverities(findings: readonly Pick<Finding, 'severity'>[]): SeverityCounts {
  const counts = { High: 0, Medium: 0, Low: 0, Unknown: 0 };
  for (const { severity } of findings) counts[severity] += 1;
  return counts;
}
