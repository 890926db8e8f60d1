/** Codes of scans and advisories; see `errorCodes`. */
export const SCAN_ERROR_CODES = {
  SCAN_TASK_NOT_EXIST: {
    status: 404,
    message: 'The image was never scanned, or there is no such scan.',
    cause: 'No scan of the image was asked for, or it was one of the older ones, which are not kept.',
    fix: 'Begin one with CreateRepoTagScanTask or slipway scan NAMESPACE/NAME:TAG.',
  },
  SCAN_TASK_STATUS_NOT_SUPPORT: {
    status: 409,
    message: 'The scan has no result; its status is …',
    cause: 'The scan is running, or it failed for the reason in the message.',
    fix: 'Wait until GetRepoTagScanStatus says COMPLETE; after a failure, remove its reason and begin another scan.',
  },
  ADVISORY_SET_NOT_EXIST: {
    status: 404,
    message: 'There is no such set of advisories.',
    cause: 'The set was removed or replaced, or was not published within a day.',
    fix: 'List the sets with slipway scan databases, or import the file again.',
  },
  ADVISORY_SET_STATUS_NOT_SUPPORT: {
    status: 409,
    message: 'The set of advisories is published; begin a new one.',
    cause: 'Advisories were added to a set that scans use already.',
    fix: 'Begin a new set, which replaces the one of the same name when it is published.',
  },
  SCAN_RULE_NOT_EXIST: {
    status: 404,
    message: 'The specified scan rule does not exist.',
    cause: 'The instance has no scan rule with this id.',
    fix: 'List the rules with ListScanRule.',
  },
  SCAN_RULE_ALREADY_EXIST: {
    status: 409,
    message: 'There is already a scan rule ….',
    cause: 'A rule of the instance has this name.',
    fix: 'Change that rule with UpdateScanRule, or choose another name.',
  },
  SCAN_RULE_QUOTA_EXCEED: {
    status: 400,
    message: 'The instance already has … scan rules.',
    cause: 'Every push asks all rules, so there are at most 100.',
    fix: 'Delete a rule; one rule can be for several namespaces or repositories.',
  },
} as const;
