import { SyncRules } from '../rule/SyncRules.tsx';
import { SyncTasks } from '../rule/SyncTasks.tsx';

/** What is copied from here to other repositories and registries. */
export function Replication() {
  return (
    <>
      <SyncRules />
      <SyncTasks />
    </>
  );
}
