import { type Query, useQueryClient } from '@tanstack/react-query';
import { Denied } from '../ui/Denied.tsx';
import { tellFailure } from './api-failure.ts';

/** Shows why something could not be read or done. A missing right is no fault: it gets a quiet sentence. */
export function Failure({ error }: { error: unknown }) {
  const queries = useQueryClient().getQueryCache();
  const isPolled = queries.getAll().some((query) => query.state.error === error && isAskedAgain(query));
  const { title, detail, denied } = tellFailure(error, isPolled);
  if (denied) return <Denied {...denied} />;
  return (
    <p role="alert" className="failure">
      <strong>{title}</strong> {detail}
    </p>
  );
}

/** Whether a page asks for it again by itself. */
function isAskedAgain(query: Query): boolean {
  return query.observers.some(({ options: { refetchInterval } }) =>
    typeof refetchInterval === 'function' ? refetchInterval(query) : refetchInterval,
  );
}
