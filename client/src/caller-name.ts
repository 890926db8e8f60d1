/** A caller in words, from an ARN: `ann`, `role deployer (session ci)`, `the account’s owner`. */
export function callerName(arn: string): string {
  const [kind = '', name = '', session] = callerPath(arn).split('/');
  if (kind === 'root') return 'the account’s owner';
  if (kind === 'user' && name !== '') return name;
  if (kind === 'assumed-role' && name !== '')
    return session === undefined ? `role ${name}` : `role ${name} (session ${session})`;
  return arn;
}

/** A caller without the account: `user/ann` of `acs:ram::1234567890123456:user/ann`. */
export function callerPath(arn: string): string {
  return arn.replace(/^acs:ram::\d+:/, '');
}
