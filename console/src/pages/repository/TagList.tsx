import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { tagsQuery } from '../../api/repository-queries.ts';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { formatAge } from '../../ui/durations.ts';
import { Failure } from '../Failure.tsx';

/** The tags of a repository, each with its pull command and the build that made it. */
export function TagList({ namespace, name }: { namespace: string; name: string }) {
  const [cursors, setCursors] = useState<string[]>([]);
  const { data, error } = useQuery(tagsQuery(namespace, name, cursors.at(-1)));
  return (
    <section aria-labelledby="tags">
      <div className="page-head">
        <h2 id="tags">Tags</h2>
      </div>
      {error && <Failure error={error} />}
      {data?.Tags.length === 0 && <p className="quiet">No tags yet: nothing has been pushed.</p>}
      <ul className="rows">
        {data?.Tags.map(({ Tag: tag, Digest: digest, BuildRecordId: id, BuildTime: timeMs }) => {
          const command = `docker pull ${location.host.replace(/^\[::1\]/, '127.0.0.1')}/${namespace}/${name}:${tag}`;
          return (
            <li key={tag}>
              <div className="row-line">
                <strong>{tag}</strong>
                <code className="quiet" title={digest}>
                  {digest.slice(0, 19)}…
                </code>
                {id && (
                  <Link to="/builds/$id" params={{ id }}>
                    build{timeMs === undefined ? '' : ` of ${formatAge(Date.now() - timeMs)}`}
                  </Link>
                )}
                <span className="gap" />
                <code>{command}</code> <CopyButton text={command} what={`pull command for ${tag}`} />
              </div>
            </li>
          );
        })}
      </ul>
      <div className="further">
        {cursors.length > 0 && (
          <button type="button" className="small" onClick={() => setCursors(cursors.slice(0, -1))}>
            Back
          </button>
        )}
        {data?.Cursor && (
          <button type="button" className="small" onClick={() => setCursors([...cursors, data.Cursor ?? ''])}>
            More tags
          </button>
        )}
      </div>
    </section>
  );
}
