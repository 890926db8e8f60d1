import { ApiError } from '#rpc/errors/api-error.ts';
import { operation } from '#rpc/operation.ts';
import { getAccountSettings } from '../passwords/account-settings-store.ts';
import { changeOwnPassword, checkPasswordOf, refuseOwnChange } from '../passwords/console-password.ts';

/** The limit on wrong passwords if the policy sets none. Without it, anyone with a user's key could try thousands. */
const FAILURES_AN_HOUR = 10;

export default operation('ChangePassword', {
  // The resource is the caller, so that a Deny can name exactly this user.
  resource: ({ principal }) => (principal.kind === 'user' ? `user/${principal.userName}` : undefined),
  async run({ db, principal, now }, { OldPassword: password, NewPassword: newPassword }) {
    if (principal.kind !== 'user') {
      throw new ApiError('NoPermission', 403, 'Only a RAM user has a console password.');
    }
    const settings = await getAccountSettings(db);
    refuseOwnChange(settings);
    const nowMs = now();
    const limit = settings.passwordPolicy.maxFailures || FAILURES_AN_HOUR;
    const profile = await checkPasswordOf(db, principal.userName, password, limit, nowMs);
    await changeOwnPassword(db, settings, profile, { password, newPassword }, nowMs);
    return {};
  },
});
