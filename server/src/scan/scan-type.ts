import { invalidParameter } from '#rpc/errors/api-error.ts';

/** VUL looks for known vulnerabilities; SBOM lists the content of the image. */
export const SCAN_TYPES = ['VUL', 'SBOM'] as const;
export type ScanType = (typeof SCAN_TYPES)[number];

/** Reads `ScanType` for tasks and rules. */
export function givenScanType(text: string | undefined): ScanType {
  const type = SCAN_TYPES.find((each) => each === (text ?? 'VUL'));
  if (type === undefined) throw invalidParameter('ScanType', `it must be one of ${SCAN_TYPES.join(', ')}.`);
  return type;
}
