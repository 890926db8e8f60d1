import { invalidParameter } from '#rpc/api-error.ts';

/** VUL looks for known vulnerabilities; SBOM writes down what the image consists of. */
export const SCAN_TYPES = ['VUL', 'SBOM'] as const;
export type ScanType = (typeof SCAN_TYPES)[number];

/** Reads `ScanType` as tasks and rules have it. */
export function givenScanType(text: string | undefined): ScanType {
  const type = SCAN_TYPES.find((each) => each === (text ?? 'VUL'));
  if (type === undefined) throw invalidParameter('ScanType', `it must be one of ${SCAN_TYPES.join(', ')}.`);
  return type;
}
