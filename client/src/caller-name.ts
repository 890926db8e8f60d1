/** A caller in words, from an ARN: `ann`, `role deployer (session ci)`, `the account’s owner`. */
export function callerName(arn: string): string {
  const [kind = '', name = '', session] = (arn.split(':').at(-1) ?? '').split('/');
  if (kind === 'root') return 'the account’s owner';
  if (kind === 'user' && name !== '') return name;
  if (kind === 'assumed-role' && name !== '')
    return session === undefined ? `role ${name}` : `role ${name} (session ${session})`;
  return arn;
}
