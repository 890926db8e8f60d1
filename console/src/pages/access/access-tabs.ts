/** The tabs of the pages about access: address and label. */
export const ACCESS_TABS = [
  ['/access', 'Users'],
  ['/access/groups', 'Groups'],
  ['/access/roles', 'Roles'],
  ['/access/policies', 'Policies'],
  ['/access/who', 'Who can do what'],
  ['/access/simulator', 'Simulator'],
  ['/access/sign-in', 'Sign-in'],
] as const;
