import { useId } from 'react';

/** A field of a form. */
export interface FieldSpec {
  /** The parameter's name in the API, so that an error can be shown at its field. */
  name: string;
  label: string;
  kind: 'text' | 'lines' | 'choice' | 'switch' | 'password' | 'new-password';
  required?: boolean;
  choices?: readonly string[];
  value?: string;
  hint?: string;
}

/** A labelled field, with its error next to it. */
export function Field({ spec, mistake }: { spec: FieldSpec; mistake: string | undefined }) {
  const id = useId();
  const { name, label, kind, required = false, value = '', hint } = spec;
  const shared = {
    id,
    name,
    'aria-invalid': mistake !== undefined,
    'aria-describedby': mistake !== undefined || hint !== undefined ? `${id}-note` : undefined,
  };
  return (
    <div className={`field field-${kind}`}>
      <label htmlFor={id}>{required ? <strong>{label}</strong> : label}</label>
      {kind === 'choice' && (
        <select {...shared} defaultValue={value} required={required}>
          {!required && <option value="" />}
          {spec.choices?.map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </select>
      )}
      {kind === 'switch' && <input {...shared} type="checkbox" value="true" defaultChecked={value === 'true'} />}
      {kind === 'lines' && <textarea {...shared} rows={3} defaultValue={value} spellCheck={false} />}
      {kind === 'text' && (
        <input {...shared} defaultValue={value} required={required} spellCheck={false} autoComplete="off" />
      )}
      {(kind === 'password' || kind === 'new-password') && (
        <input
          {...shared}
          type="password"
          required={required}
          autoComplete={kind === 'password' ? 'current-password' : kind}
        />
      )}
      {(mistake !== undefined || hint !== undefined) && (
        <p id={`${id}-note`} className={mistake === undefined ? 'quiet' : 'bad'}>
          {mistake ?? hint}
        </p>
      )}
    </div>
  );
}
