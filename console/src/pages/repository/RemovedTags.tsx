import { useMutation, useQuery } from '@tanstack/react-query';
import { removedTagsQuery, restoreTag } from '../../api/repository-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { Ago } from '../../ui/Ago.tsx';

interface Repository {
  namespace: string;
  name: string;
}

/** What can be restored: tags that were deleted or overwritten, while their images are kept. */
export function RemovedTags({ of, mayRestore, done }: { of: Repository; mayRestore: boolean; done(): void }) {
  const { data: removed = [], error } = useQuery(removedTagsQuery(of.namespace, of.name));
  const restore = useMutation({
    mutationFn: ({ tag, digest }: { tag: string; digest: string }) => restoreTag(of.namespace, of.name, tag, digest),
    onSuccess: done,
  });
  if (error) return <Failure error={error} />;
  if (removed.length === 0) return null;
  return (
    <details>
      <summary>Deleted or overwritten: {removed.length}</summary>
      {restore.error && <Failure error={restore.error} />}
      <ul className="rows">
        {removed.map(({ Tag: tag, Digest: digest, RemoveTime: timeMs, Why: why }) => (
          <li key={`${tag} ${digest} ${timeMs}`}>
            <div className="row-line">
              <strong>{tag}</strong>
              <code className="quiet" title={digest}>
                {digest.slice(0, 19)}…
              </code>
              <span className="quiet">
                {why === 'replaced'
                  ? 'overwritten'
                  : why === 'lifecycle'
                    ? 'removed by a lifecycle rule'
                    : why === 'denied'
                      ? 'denied by a delivery chain'
                      : 'deleted'}{' '}
                <Ago at={timeMs} />
              </span>
              <span className="gap" />
              {mayRestore && (
                <button
                  type="button"
                  className="small"
                  aria-label={`Restore ${tag} ${digest.slice(0, 19)}`}
                  disabled={restore.isPending}
                  onClick={() => restore.mutate({ tag, digest })}
                >
                  Restore
                </button>
              )}
            </div>
          </li>
        ))}
      </ul>
    </details>
  );
}
