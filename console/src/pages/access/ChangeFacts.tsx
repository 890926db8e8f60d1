import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { FieldSpec } from '../../ui/Field.tsx';
import { ApiForm } from '../ApiForm.tsx';

interface ChangeFactsProps {
  /** What is changed, such as `user`. */
  of: string;
  action: string;
  fixed: Readonly<Record<string, string>>;
  fields: readonly FieldSpec[];
}

/** A button that opens the form for what is said of a user, group or role. */
export function ChangeFacts({ of, action, fixed, fields }: ChangeFactsProps) {
  const [isOpen, setOpen] = useState(false);
  const queries = useQueryClient();
  if (!isOpen)
    return (
      <p>
        <button type="button" className="small" onClick={() => setOpen(true)}>
          Change {of}
        </button>
      </p>
    );
  return (
    <ApiForm
      action={action}
      fixed={fixed}
      fields={fields}
      submit={`Save ${of}`}
      done={() => {
        setOpen(false);
        void queries.invalidateQueries({ queryKey: ['access'] });
      }}
      leave={() => setOpen(false)}
    />
  );
}
