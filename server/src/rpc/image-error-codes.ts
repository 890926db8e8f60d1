/** Codes of tags and images; see `errorCodes`. */
export const imageErrorCodes = {
  TAG_NOT_EXIST: {
    status: 404,
    message: 'The specified tag does not exist.',
    cause: 'The repository has no such tag; or, where one is to be restored, its image is gone.',
    fix: 'List tags with slipway tags NAMESPACE/NAME, and those that can be restored with --removed.',
  },
  TAG_ALREADY_EXIST: {
    status: 409,
    message: 'The repository already has a tag ….',
    cause: 'A tag is to be restored, and it stands for another image now.',
    fix: 'Name the digest to go back to, or delete the tag first.',
  },
  IMAGE_NOT_EXIST: {
    status: 404,
    message: 'The repository has no image ….',
    cause: 'A tag is to be set for a digest that was never pushed to the repository, or whose image was removed.',
    fix: 'Name the digest of an image that the repository has: slipway tags NAMESPACE/NAME lists them.',
  },
  TAG_IMMUTABLE: {
    status: 409,
    message: 'The tag … already exists, and this repository does not allow tags to be overwritten.',
    cause:
      'The repository has TagImmutability, and the tag stands for another image, or is being pushed. Only latest may be overwritten.',
    fix: 'Push under a new tag, or delete the tag first.',
  },
  IMAGE_IN_USE: {
    status: 409,
    message: 'An index of the repository lists …; delete the index first.',
    cause: 'An image of an index is to be deleted by its digest: the index could not be pulled any more.',
    fix: 'Delete the index first.',
  },
} as const;
