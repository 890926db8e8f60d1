import { changeAccount } from '#account/change-account.ts';
import { hashPassword } from '#account/passwords/password-hash.ts';
import { checkRegistryPassword, passwordOwnerOf } from '#account/registry-password.ts';
import { setRegistryPassword } from '#account/registry-password-store.ts';
import { operation } from '#rpc/operation.ts';
import { getInstance } from '../instance-store.ts';

/** Sets the caller's own password only. Temporary passwords stay valid. */
export default operation('ResetLoginPassword', {
  async run({ db, principal, now }, { InstanceId, Password }) {
    const owner = passwordOwnerOf(principal);
    checkRegistryPassword(Password);
    const { instanceId } = await getInstance(db, InstanceId);
    const hash = await hashPassword(Password);
    await changeAccount(db, (trx) => setRegistryPassword(trx, instanceId, owner, { hash, setMs: now() }));
    return {};
  },
});
