import { ramTime } from './names.ts';
import type { UserRow } from './user-store.ts';

/** A user, as in replies. */
export function userReply(user: UserRow) {
  return {
    UserId: user.user_id,
    UserName: user.name,
    DisplayName: user.display_name,
    MobilePhone: user.mobile_phone,
    Email: user.email,
    Comments: user.comments,
    CreateDate: ramTime(user.created_ms),
    UpdateDate: ramTime(user.modified_ms),
    ...(user.last_login_ms === null ? {} : { LastLoginDate: ramTime(user.last_login_ms) }),
  };
}
