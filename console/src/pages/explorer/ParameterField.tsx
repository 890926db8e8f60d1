import { useId } from 'react';
import { Choice } from '../../ui/Choice.tsx';
import type { ApiParameter } from './operation.ts';

const TYPES: Readonly<Record<ApiParameter['type'], string>> = {
  string: 'string',
  integer: 'integer',
  boolean: 'boolean',
  list: 'list, one per line',
  json: 'JSON',
};

interface ParameterFieldProps {
  parameter: ApiParameter;
  value: string;
  change(value: string): void;
}

/** A parameter of an operation: its name (bold if required), its type, and its meaning. */
export function ParameterField({ parameter, value, change }: ParameterFieldProps) {
  const id = useId();
  const { name, type, required, values, meaning } = parameter;
  const choices = values ?? (type === 'boolean' ? ['true', 'false'] : undefined);
  const shared = { id, value, 'aria-required': required, 'aria-describedby': `${id}-note` };
  return (
    <div className="field">
      <label htmlFor={id}>
        {required ? <strong>{name}</strong> : name}{' '}
        <span className="quiet">
          {TYPES[type]}
          {required ? ', required' : ''}
        </span>
      </label>
      {choices && type !== 'list' ? (
        <Choice
          {...shared}
          onChange={({ target }) => change(target.value)}
          options={['', ...choices].map((choice) => [choice, choice] as const)}
        />
      ) : type === 'list' || type === 'json' ? (
        <textarea {...shared} rows={2} spellCheck={false} onChange={(event) => change(event.target.value)} />
      ) : (
        <input {...shared} spellCheck={false} autoComplete="off" onChange={(event) => change(event.target.value)} />
      )}
      <p id={`${id}-note`} className="quiet">
        {[
          meaning?.replaceAll('`', ''),
          choices && type === 'list' ? `Any of: ${choices.join(', ')}.` : undefined,
          parameter.default === undefined || meaning?.includes('by default')
            ? undefined
            : `Default: ${parameter.default}.`,
          parameter.example === undefined ? undefined : `Example: ${parameter.example}`,
        ]
          .filter(Boolean)
          .join(' ')}
      </p>
    </div>
  );
}
