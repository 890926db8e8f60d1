/** Who can pull from a repository, in words. */
export const WHO_CAN_PULL = {
  PRIVATE: 'Users with the right to pull',
  PUBLIC: 'Everyone, without a login',
} as const;
