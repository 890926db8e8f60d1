import { ApiError } from '#rpc/errors/api-error.ts';

export function advisorySetNotFound(): ApiError {
  return new ApiError('ADVISORY_SET_NOT_EXIST', 404, 'There is no such set of advisories.');
}

export function advisorySetClosed(): ApiError {
  return new ApiError('ADVISORY_SET_STATUS_NOT_SUPPORT', 409, 'The set of advisories is published; begin a new one.');
}

export function scanTaskNotFound(): ApiError {
  return new ApiError('SCAN_TASK_NOT_EXIST', 404, 'The image was never scanned, or there is no such scan.');
}

export function scanNotComplete(status: string, reason: string | undefined): ApiError {
  const why = reason === undefined ? '' : `: ${reason}`;
  return new ApiError('SCAN_TASK_STATUS_NOT_SUPPORT', 409, `The scan has no result; its status is ${status}${why}`);
}

/** There is nothing to scan with, or nothing to scan. */
export function cannotScan(reason: string, recommend: string): ApiError {
  return new ApiError('UnsupportedOperation', 400, reason, { recommend });
}

export function scanRuleNotFound(): ApiError {
  return new ApiError('SCAN_RULE_NOT_EXIST', 404, 'The specified scan rule does not exist.');
}

export function scanRuleExists(name: string): ApiError {
  return new ApiError('SCAN_RULE_ALREADY_EXIST', 409, `There is already a scan rule ${name}.`);
}

export function tooManyScanRules(limit: number): ApiError {
  return new ApiError('SCAN_RULE_QUOTA_EXCEED', 400, `The instance already has ${limit} scan rules.`);
}
