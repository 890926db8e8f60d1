import { useId } from 'react';
import { Choice } from './Choice.tsx';

/** A field of a form. */
export interface FieldSpec {
  /** The parameter's name in the API, so that an error can be shown at its field. */
  name: string;
  label: string;
  /** `lines` sends a list, a line each; `area` sends a text of several lines as it is. */
  kind: 'text' | 'lines' | 'area' | 'choice' | 'switch' | 'password' | 'new-password';
  required?: boolean;
  /** What can be chosen: the value that the API takes, and the words for it. */
  choices?: Readonly<Record<string, string>>;
  value?: string;
  hint?: string;
  /** What a text can be, among others. */
  suggestions?: readonly string[];
  /** Shown, and sent, only while another field has one of these values. */
  when?: { field: string; is: readonly string[] };
}

/** Choices that need no other words. */
export function sameWords(values: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(values.map((value) => [value, value]));
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
        <Choice
          {...shared}
          defaultValue={value}
          required={required}
          options={[...(required ? [] : [['', ''] as const]), ...Object.entries(spec.choices ?? {})]}
        />
      )}
      {kind === 'switch' && <input {...shared} type="checkbox" value="true" defaultChecked={value === 'true'} />}
      {(kind === 'lines' || kind === 'area') && (
        <textarea {...shared} rows={3} defaultValue={value} required={required} spellCheck={false} />
      )}
      {kind === 'text' && (
        <input
          {...shared}
          defaultValue={value}
          required={required}
          spellCheck={false}
          autoComplete="off"
          list={spec.suggestions?.length ? `${id}-list` : undefined}
        />
      )}
      {spec.suggestions && spec.suggestions.length > 0 && (
        <datalist id={`${id}-list`}>
          {spec.suggestions.map((suggestion) => (
            <option key={suggestion} value={suggestion} />
          ))}
        </datalist>
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
