import { parseCodeRepoType } from '#source/hosts/code-host.ts';
import { removeCodeHost } from '#source/hosts/code-host-store.ts';
import { nativeOperation } from '../native-operation.ts';

/** `DELETE /sources/TYPE` */
export default nativeOperation('removeCodeHost', async ({ db, instanceId }, { type }) => {
  await removeCodeHost(db, instanceId, parseCodeRepoType(type, 'the type in the path'));
  return {};
});
