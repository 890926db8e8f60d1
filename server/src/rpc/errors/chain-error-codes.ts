/** Codes of delivery chains; see `ERROR_CODES`. */
export const CHAIN_ERROR_CODES = {
  CHAIN_NOT_EXIST: {
    status: 404,
    message: 'The specified delivery chain does not exist.',
    cause: 'The instance has no delivery chain with this id: it was deleted, perhaps with its repository or namespace.',
    fix: 'List the chains with ListChain.',
  },
  CHAIN_ALREADY_EXIST: {
    status: 409,
    message: 'The instance already has a delivery chain named …. or: … already has the delivery chain ….',
    cause: 'Names of chains are unique in their instance, and a repository or namespace has at most one chain.',
    fix: 'Change that chain with UpdateChain, or choose another name.',
  },
  CHAIN_QUOTA_EXCEED: {
    status: 400,
    message: 'The instance already has … delivery chains.',
    cause: 'An instance may have 500 delivery chains.',
    fix: 'Delete one, or let one chain be for a whole namespace.',
  },
} as const;
