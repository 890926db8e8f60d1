import { ApiCallError } from '@slipway/client/api-call-error.ts';
import { askUntil } from './ask-until.ts';

/**
 * Waits until what the server was told to delete is gone, so that the next command finds its name free. `get` asks for
 * it. A caller who may delete but not read does not wait.
 */
export async function waitUntilGone(get: () => Promise<unknown>): Promise<void> {
  const isGone = () =>
    get().then(
      () => false,
      (error: unknown) => {
        if (error instanceof ApiCallError && GONE.includes(error.code)) return true;
        throw error;
      },
    );
  await askUntil(isGone, (gone) => gone);
}

const GONE = ['NAMESPACE_NOT_EXIST', 'REPO_NOT_EXIST', 'NoPrivilege'];
