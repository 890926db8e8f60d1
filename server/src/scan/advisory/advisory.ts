import type { Severity } from './finding.ts';

/** What is known of a vulnerability in one package of one ecosystem. */
export interface Advisory {
  /** `Debian:12`, `Alpine:v3.19`, `npm`: https://ossf.github.io/osv-schema/#defined-ecosystems */
  ecosystem: string;
  package: string;
  name: string;
  alias?: string | undefined;
  severity: Severity;
  summary?: string | undefined;
  link?: string | undefined;
  ranges: readonly VersionRange[];
  /** Affected versions, each range independent of the others. */
  versions?: readonly string[] | undefined;
}

/** From a version on (`0` is from the first) to before the one that is fixed, or to the last one that is affected, or unlimited. */
export interface VersionRange {
  introduced: string;
  fixed?: string | undefined;
  lastAffected?: string | undefined;
}

/** Advisories that were imported together. */
export interface AdvisorySet {
  setId: string;
  name: string;
  source: string;
  state: 'open' | 'published' | 'replaced';
  createdBy: string;
  /** The date of their data. */
  dataMs: number;
  publishedMs: number | undefined;
  count: number;
}
