import type { Finding } from './advisory/finding.ts';

/** What looks for vulnerabilities in images. */
export interface Scanner {
  /** As results name it. */
  readonly name: string;
  /** Looks through an image. Throws JobFailed with why it cannot, and the reason of the signal. */
  scan(subject: ScannedImage, signal: AbortSignal): Promise<ScanOutcome>;
}

/** The image of a repository, `namespace/name`, or an index of images. */
export interface ScannedImage {
  repository: string;
  digest: string;
}

export interface ScanOutcome {
  /** What it went by: which version, and how new its data is, if that is known. */
  database: { version: string; dataMs: number | undefined };
  findings: readonly Finding[];
  /** Kinds of packages that it could not look up. */
  unchecked: readonly string[];
}

/** The name of the scanner that is part of the server. */
export const BUILT_IN = 'slipway';
