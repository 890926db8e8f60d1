/** Codes of tags and images; see `errorCodes`. */
export const IMAGE_ERROR_CODES = {
  TAG_NOT_EXIST: {
    status: 404,
    message: 'The specified tag does not exist.',
    cause: 'The repository has no such tag; or the image of a tag to restore is gone.',
    fix: 'List tags with slipway tags NAMESPACE/NAME, and those that can be restored with --removed.',
  },
  TAG_ALREADY_EXIST: {
    status: 409,
    message: 'The repository already has a tag ….',
    cause: 'The tag to restore exists and has another image.',
    fix: 'Name the digest to go back to, or delete the tag first.',
  },
  IMAGE_NOT_EXIST: {
    status: 404,
    message: 'The repository has no image ….',
    cause: 'The digest for a tag was never pushed to the repository, or whose image was removed.',
    fix: 'Name the digest of an image that the repository has: slipway tags NAMESPACE/NAME lists them.',
  },
  TAG_IMMUTABLE: {
    status: 409,
    message: 'The tag … already exists, and this repository does not allow tags to be overwritten.',
    cause:
      'The repository has TagImmutability, and the tag has another image, or is being pushed. Only latest may be overwritten.',
    fix: 'Push under a new tag, or delete the tag first.',
  },
  ARTIFACT_BUILD_RULE_NOT_EXIST: {
    status: 404,
    message: 'The specified artifact build rule does not exist.',
    cause: 'There is no rule of this id, or the repository has none: its images are not accelerated.',
    fix: 'Make one with CreateArtifactBuildRule, or slipway accelerate NAMESPACE/NAME.',
  },
  ARTIFACT_BUILD_TASK_NOT_EXIST: {
    status: 404,
    message: 'The specified artifact build task does not exist.',
    cause: 'There is no such task, or it ended more than 30 days ago.',
    fix: 'List the tasks of a repository with slipway accelerate NAMESPACE/NAME --list.',
  },
  ARTIFACT_BUILD_TASK_STATUS_NOT_SUPPORT: {
    status: 409,
    message: 'The artifact build task has ended.',
    cause: 'A task that has ended is to be cancelled.',
    fix: 'Nothing is left to do; delete the tag if its image is not wanted.',
  },
  IMAGE_IN_USE: {
    status: 409,
    message: 'An index of the repository lists …; delete the index first.',
    cause: 'The call would delete an image of an index, which could not be pulled any more.',
    fix: 'Delete the index first.',
  },
  ARTIFACT_LIFECYCLE_RULE_NOT_EXIST: {
    status: 404,
    message: 'The specified lifecycle rule does not exist.',
    cause: 'The instance has no such rule. A rule that names a repository or a namespace goes when that is deleted.',
    fix: 'ListArtifactLifecycleRule, or slipway lifecycle list, lists the rules.',
  },
  ARTIFACT_LIFECYCLE_RULE_QUOTA_EXCEED: {
    status: 400,
    message: 'The instance has … lifecycle rules, which is the limit.',
    cause: 'The number of rules has a limit, because each run asks all rules that cover a repository.',
    fix: 'Delete rules that are not needed; one rule can cover a namespace or the whole instance.',
  },
  ARTIFACT_LIFECYCLE_RULE_STATUS_NOT_SUPPORT: {
    status: 409,
    message: 'The lifecycle rule is off: it has neither EnableDeleteTag nor EnableDeleteUntaggedManifest.',
    cause: 'The call would run a rule that removes nothing.',
    fix: 'Set one of the two with UpdateArtifactLifecycleRule.',
  },
  ARTIFACT_LIFECYCLE_RUN_NOT_EXIST: {
    status: 404,
    message: 'The specified run of a lifecycle rule does not exist.',
    cause: 'There is no such run, or it is not among the last ten of its rule.',
    fix: 'List runs with slipway lifecycle runs.',
  },
} as const;
