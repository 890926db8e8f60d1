import { ApiCallError } from '@slipway/client/api-call-error.ts';
import { say } from '../output/say.ts';
import { askUntil } from './ask-until.ts';

/**
 * Waits until what the server was told to delete is gone, so that the next command finds its name free. `get` asks for
 * it. A caller who may delete but not read does not wait. Without `json`, a person is told that it takes a while.
 */
export async function waitUntilGone(get: () => Promise<unknown>, { json }: { json: boolean }): Promise<void> {
  const isGone = () =>
    get().then(
      () => false,
      (error: unknown) => {
        if (error instanceof ApiCallError && GONE.includes(error.code)) return true;
        throw error;
      },
    );
  const patience = json ? undefined : setTimeout(() => say(STILL), PATIENCE_MS);
  try {
    await askUntil(isGone, (gone) => gone);
  } finally {
    clearTimeout(patience);
  }
}

const PATIENCE_MS = 3000;
const STILL =
  'it is still being deleted; a backup that is being made delays this. Ctrl-C ends only this command, and the server continues';

const GONE = ['NAMESPACE_NOT_EXIST', 'REPO_NOT_EXIST', 'NoPrivilege'];
