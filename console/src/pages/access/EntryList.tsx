import { type UseQueryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { LISTED } from '../../api/access-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { useMayRam } from '../../session/may-ram.ts';
import { Empty } from '../../ui/Empty.tsx';
import type { FieldSpec } from '../../ui/Field.tsx';
import { PageTitle } from '../../ui/PageTitle.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { ApiForm } from '../ApiForm.tsx';
import { Day } from './Day.tsx';

/** Users, groups, roles or policies, as a list of them needs to know them. */
interface EntryKind<Entry> {
  /** Such as `user`: the path of RAM, and the word. */
  noun: 'user' | 'group' | 'role' | 'policy';
  title: string;
  /** The operation that makes one. */
  action: string;
  /** Its fields, or a form of its own. */
  form: EntryFields | ((leave: () => void) => ReactNode);
  query: UseQueryOptions<readonly Entry[], Error, readonly Entry[], string[]>;
  /** What to do next if there are none. */
  empty: string;
  keyOf(entry: Entry): string;
  link(entry: Entry): ReactNode;
  /** The columns after the name. */
  columns: readonly EntryColumn<NoInfer<Entry>>[];
}

interface EntryFields {
  fields: readonly FieldSpec[];
  send?: (values: Readonly<Record<string, unknown>>) => Promise<unknown>;
  /** Opens the page of one that was just made. */
  open(sent: Readonly<Record<string, string>>): void;
}

interface EntryColumn<Entry> {
  head: string;
  /** What a narrow window shows beside the value, which then has no head; a column without it may wrap instead. */
  label?: string;
  of(entry: Entry): ReactNode;
}

/** When an entry was made; the last column of most lists. */
export const CREATED: EntryColumn<{ CreateDate?: string | undefined }> = {
  head: 'Created',
  label: 'created',
  of: ({ CreateDate }) => <Day at={CreateDate} />,
};

/** A list of users, groups, roles or policies, and a form for a new one. */
export function EntryList<Entry>(kind: EntryKind<Entry>) {
  const { noun, title, action, form, query, empty, keyOf, link, columns } = kind;
  const { data: entries, error } = useQuery(query);
  const [mayCreate] = useMayRam(`${noun}/*`, action);
  const [isOpen, setOpen] = useState(false);
  const leave = () => setOpen(false);
  const queries = useQueryClient();
  return (
    <section aria-label={title}>
      <PageTitle parts={[title, 'Access']} />
      <div className="page-head">
        <h2>{title}</h2>
        <span className="gap" />
        {mayCreate && !isOpen && (
          <button type="button" onClick={() => setOpen(true)}>
            New {noun}
          </button>
        )}
      </div>
      {isOpen &&
        (typeof form === 'function' ? (
          form(leave)
        ) : (
          <ApiForm
            action={action}
            fixed={{}}
            fields={form.fields}
            submit={`Create ${noun}`}
            done={(sent) => {
              void queries.invalidateQueries({ queryKey: ['access'] });
              form.open(sent);
            }}
            leave={leave}
            {...(form.send === undefined ? {} : { send: form.send })}
          />
        ))}
      {error && <Failure error={error} />}
      {entries === undefined && !error && <Skeleton lines={5} of={title.toLowerCase()} />}
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
            </tr>
          </thead>
          <tbody>
            {entries.map((entry) => (
              <tr key={keyOf(entry)}>
                <td>
                  <span className="entry-name">{link(entry)}</span>
                </td>
                {columns.map(({ head, label, of }) => (
                  <td className={label === undefined ? 'wide' : undefined} data-label={label} key={head}>
                    {of(entry)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {entries !== undefined && entries.length >= LISTED && (
        <p className="quiet">
          This list has the first {LISTED} {title.toLowerCase()}.
        </p>
      )}
    </section>
  );
}
