import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { PageTitle } from '../../ui/PageTitle.tsx';
import { DeleteButton } from '../Collection.tsx';

const LISTS = {
  user: '/access',
  group: '/access/groups',
  role: '/access/roles',
  policy: '/access/policies',
} as const;

interface EntryHeadProps {
  noun: keyof typeof LISTS;
  name: string;
  /** What it is, if that is more than the noun. */
  words?: string;
  about?: string | undefined;
  /** Opens the form that changes it; false without the right, and while the form is open. */
  change?: false | undefined | (() => void);
  /** False without the right. */
  remove: false | (() => Promise<unknown>);
  /** Links and buttons. */
  children?: ReactNode;
}

/** The head of the page of a user, group, role or policy. After its deletion, the list of its kind opens. */
export function EntryHead({ noun, name, words = noun, about = '', change = false, remove, children }: EntryHeadProps) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return (
    <>
      <PageTitle parts={[name, 'Access']} />
      <div className="page-head">
        <h2>{name}</h2>
        <span className="quiet">{about === '' ? words : `${words} · ${about}`}</span>
        <span className="gap" />
        {children}
        {change && (
          <button type="button" className="small" onClick={change}>
            Change {noun}
          </button>
        )}
        {remove && (
          <DeleteButton
            of={`${noun} ${name}`}
            act={remove}
            // What was deleted is not read again: its page is left first.
            done={() =>
              void navigate({ to: LISTS[noun] }).then(() => queries.invalidateQueries({ queryKey: ['access'] }))
            }
          />
        )}
      </div>
    </>
  );
}
