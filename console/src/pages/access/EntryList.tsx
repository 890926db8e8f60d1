import { type UseQueryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Failure } from '../../failure/Failure.tsx';
import { useMayRam } from '../../session/may-ram.ts';
import { Empty } from '../../ui/Empty.tsx';
import type { FieldSpec } from '../../ui/Field.tsx';
import { PageTitle } from '../../ui/PageTitle.tsx';
import { Day } from './Day.tsx';
import { FirstOnly } from './FirstOnly.tsx';
import { NewEntry } from './NewEntry.tsx';

/** Users, groups or roles, as a list of them needs to know them. */
interface EntryKind<Entry> {
  /** Such as `user`: the path of RAM, and the word. */
  noun: 'user' | 'group' | 'role';
  title: string;
  /** The operation that makes one, and its fields. */
  action: string;
  fields: readonly FieldSpec[];
  send?: (values: Readonly<Record<string, unknown>>) => Promise<unknown>;
  /** Opens the page of one that was just made. */
  open(sent: Readonly<Record<string, string>>): void;
  query: UseQueryOptions<readonly Entry[], Error, readonly Entry[], string[]>;
  /** What to do next if there are none. */
  empty: string;
  nameOf(entry: Entry): string;
  link(entry: Entry): ReactNode;
  /** The columns between the name and the time of its creation. */
  columns: readonly EntryColumn<Entry>[];
}

interface EntryColumn<Entry> {
  head: string;
  /** What a narrow window shows beside the value, which then has no head; a column without it may wrap instead. */
  label?: string;
  of(entry: Entry): ReactNode;
}

/** A list of users, groups or roles, and a form for a new one. */
export function EntryList<Entry extends { CreateDate?: string | undefined }>(kind: EntryKind<Entry>) {
  const { noun, title, action, fields, send, open, query, empty, nameOf, link, columns } = kind;
  const { data: entries, error } = useQuery(query);
  const [mayCreate = false] = useMayRam(`${noun}/*`, action);
  const queries = useQueryClient();
  return (
    <section aria-label={title}>
      <PageTitle parts={[title, 'Access']} />
      <NewEntry
        title={title}
        noun={noun}
        action={action}
        fields={fields}
        mayCreate={mayCreate}
        {...(send === undefined ? {} : { send })}
        done={(sent) => {
          void queries.invalidateQueries({ queryKey: ['access'] });
          open(sent);
        }}
      />
      {error && <Failure error={error} />}
      {entries?.length === 0 && <Empty>{empty}</Empty>}
      {entries !== undefined && entries.length > 0 && (
        <table className="grid" aria-label={title}>
          <thead>
            <tr>
              <th scope="col">Name</th>
              {columns.map(({ head, label }) => (
                <th scope="col" className={label === undefined ? 'wide' : undefined} key={head}>
                  {head}
                </th>
              ))}
              <th scope="col">Created</th>
            </tr>
          </thead>
          <tbody>
            {entries.map((entry) => (
              <tr key={nameOf(entry)}>
                <td>{link(entry)}</td>
                {columns.map(({ head, label, of }) => (
                  <td className={label === undefined ? 'wide' : undefined} data-label={label} key={head}>
                    {of(entry)}
                  </td>
                ))}
                <td data-label="created">
                  <Day at={entry.CreateDate} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <FirstOnly of={`${noun}s`} entries={entries} />
    </section>
  );
}
