import { currentSession } from '../../session/session.ts';

/** The name of something of the caller's account, such as `acs:ram::<account>:user/ana`. */
export function accountArn(path: string): string {
  return `acs:ram::${currentSession().accountId}:${path}`;
}
