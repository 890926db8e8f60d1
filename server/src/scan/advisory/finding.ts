/** From the worst to what nobody judged. */
export const SEVERITIES = ['High', 'Medium', 'Low', 'Unknown'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** `cve` is of a package of the distribution, `sca` of one of a language. */
export type FindingKind = 'cve' | 'sca';

/** A vulnerability that an image has. Texts that nobody knows are empty. */
export interface Finding {
  /** `CVE-…` where it has such a name. */
  name: string;
  alias: string;
  severity: Severity;
  kind: FindingKind;
  package: string;
  version: string;
  /** The version that is free of it. */
  fixedVersion: string;
  /** The package manager: dpkg, apk, rpm, npm, golang, python, or what a scanner says. */
  format: string;
  /** A file of the image. */
  path: string;
  /** Digest of the layer that brought the package. */
  layer: string;
  link: string;
  description: string;
  /** A command that brings the version, where there is one. */
  fixCommand: string;
}

/** How many findings of each severity there are. */
export type SeverityCounts = Readonly<Record<Severity, number>>;

export function countSeverities(findings: readonly Pick<Finding, 'severity'>[]): SeverityCounts {
  const counts = { High: 0, Medium: 0, Low: 0, Unknown: 0 };
  for (const { severity } of findings) counts[severity] += 1;
  return counts;
}
