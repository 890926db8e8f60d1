import { type UseQueryOptions, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Failure } from '../../failure/Failure.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';

interface ServerPartProps<Data> {
  /** The id of its heading. */
  id: string;
  title: string;
  query: UseQueryOptions<Data, Error, Data, string[]>;
  /** About how many lines it has. */
  lines: number;
  children(data: Data): ReactNode;
}

/** A part of the page about the server, with what one query reads. */
export function ServerPart<Data>({ id, title, query, lines, children }: ServerPartProps<Data>) {
  const { data, error } = useQuery(query);
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {error && <Failure error={error} />}
      {data === undefined && !error && <Skeleton lines={lines} of={title.toLowerCase()} />}
      {data !== undefined && children(data)}
    </section>
  );
}
