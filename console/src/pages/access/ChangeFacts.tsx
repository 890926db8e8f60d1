import { useQueryClient } from '@tanstack/react-query';
import type { FieldSpec } from '../../ui/Field.tsx';
import { ApiForm } from '../ApiForm.tsx';

interface ChangeFactsProps {
  /** What is changed, such as `user`. */
  of: string;
  action: string;
  fixed: Readonly<Record<string, string>>;
  fields: readonly FieldSpec[];
  leave(): void;
}

/** The form for what is said of a user, group or role. */
export function ChangeFacts({ of, action, fixed, fields, leave }: ChangeFactsProps) {
  const queries = useQueryClient();
  return (
    <ApiForm
      action={action}
      fixed={fixed}
      fields={fields}
      submit={`Save ${of}`}
      done={() => {
        leave();
        void queries.invalidateQueries({ queryKey: ['access'] });
      }}
      leave={leave}
    />
  );
}
