/** How a program ended that fetches others. */
export interface FailedFetch {
  said: string;
  /** Whether it was ended because it took too long. */
  killed?: boolean | undefined;
}

const REASONS = [
  /dial tcp|no such host|could not resolve|Unknown host|i\/o timeout|connection (refused|reset|timed out)/i,
  /\b403 Forbidden|not found in registry|No matching distribution|Could not (find|transfer) artifact/i,
  /disabled by GOPROXY/i,
  /\b50[234] (Bad Gateway|Service Unavailable|Gateway Time-?out|error)|HTTP error 50[234]\b/i,
];

/** Whether a registry does not have or does not send something, or does not answer: the test is skipped, not failed. */
export function isNotAvailable({ said, killed }: FailedFetch): boolean {
  return killed === true || REASONS.some((reason) => reason.test(said));
}
