import { useState } from 'react';
import type { FieldSpec } from '../../ui/Field.tsx';
import { ApiForm } from '../ApiForm.tsx';

interface NewEntryProps {
  title: string;
  noun: string;
  action: string;
  fields: readonly FieldSpec[];
  mayCreate: boolean;
  done(sent: Readonly<Record<string, string>>): void;
  send?: (values: Readonly<Record<string, unknown>>) => Promise<unknown>;
}

/** The head of a list: its title, and a button that opens the form for a new entry. */
export function NewEntry({ title, noun, action, fields, mayCreate, done, send }: NewEntryProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <div className="page-head">
        <h2>{title}</h2>
        <span className="gap" />
        {mayCreate && !isOpen && (
          <button type="button" onClick={() => setOpen(true)}>
            New {noun}
          </button>
        )}
      </div>
      {isOpen && (
        <ApiForm
          action={action}
          fixed={{}}
          fields={fields}
          submit={`Create ${noun}`}
          done={done}
          leave={() => setOpen(false)}
          {...(send === undefined ? {} : { send })}
        />
      )}
    </>
  );
}
