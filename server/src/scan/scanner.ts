import type { Finding } from './advisory/finding.ts';

/** What looks for vulnerabilities in images. */
export interface Scanner {
  /** Its name in results. */
  readonly name: string;
  /** Scans an image. Throws JobFailed with the reason if it cannot, and the reason of the signal. */
  scan(subject: ScannedImage, signal: AbortSignal): Promise<ScanOutcome>;
}

/** The image of a repository, `namespace/name`, or an index of images. */
export interface ScannedImage {
  repository: string;
  digest: string;
}

export interface ScanOutcome {
  /** The advisories that it used: their version, and the age of their data if known. */
  database: { version: string; dataMs: number | undefined };
  findings: readonly Finding[];
  /** Kinds of packages that it could not look up. */
  unchecked: readonly string[];
}

/** The name of the server's own scanner. */
export const BUILT_IN = 'slipway';
/** The name of one that the operator plugged in. */
export const ADAPTER = 'adapter';
