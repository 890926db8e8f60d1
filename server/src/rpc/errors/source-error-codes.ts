/** Codes of sources, and of folders that are sent; see `errorCodes`. */
export const SOURCE_ERROR_CODES = {
  SOURCE_CODE_REPO_NOT_EXIST: {
    status: 404,
    message: 'The repository has no source. Bind it with CreateRepoSourceCodeRepo first.',
    cause: 'The image repository is not bound to a repository of a code host.',
    fix: 'Bind it.',
  },
  SOURCE_CODE_REPO_ALREADY_EXIST: {
    status: 409,
    message: 'The repository already has a source.',
    cause: 'The image repository is bound to a repository of a code host.',
    fix: 'Change the binding with UpdateRepoSourceCodeRepo.',
  },
  SOURCE_ARCHIVE_NOT_EXIST: {
    status: 404,
    message: 'The specified source archive does not exist.',
    cause: 'The uploaded folder is not there, was built already, or belongs to someone else.',
    fix: 'Send the folder again.',
  },
  SOURCE_ARCHIVE_DAMAGED: {
    status: 409,
    message: 'The earlier source is damaged. Send the whole source.',
    cause: 'The folder whose changes were sent does not have its checksum any more.',
    fix: 'Upload the whole folder.',
  },
  SOURCE_TOO_LARGE: {
    status: 413,
    message: 'The source is larger than … bytes. …',
    cause: 'An uploaded folder exceeds the limit of the server.',
    fix: 'Exclude files with .dockerignore, or raise source-limit-mebibytes.',
  },
  SOURCE_QUOTA_EXCEEDED: {
    status: 403,
    message: 'Your sent folders that were not built yet would take more than … bytes. …',
    cause: 'The folders that the caller sent and that still wait for a build take as much as the server allows.',
    fix: 'Build them, or wait: the server removes folders that no build waits for after sent-source-keep-hours.',
  },
} as const;
