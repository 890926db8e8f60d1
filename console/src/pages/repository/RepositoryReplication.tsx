import { SyncRules } from '../rule/SyncRules.tsx';
import { SyncTasks } from '../rule/SyncTasks.tsx';
import { useRepository } from './use-repository.ts';

/** The rules that copy the images of a repository, and its copies. */
export function RepositoryReplication() {
  const { namespace, name } = useRepository();
  return (
    <>
      <SyncRules of={{ namespace, name }} />
      <SyncTasks of={{ namespace, name }} />
    </>
  );
}
