import type { ComponentProps } from 'react';

interface ChoiceProps extends Omit<ComponentProps<'select'>, 'children'> {
  options: readonly (readonly [value: string, words: string])[];
}

/** A list of which one is chosen. */
export function Choice({ options, ...select }: ChoiceProps) {
  return (
    <select {...select}>
      {options.map(([value, words]) => (
        <option key={value} value={value}>
          {words}
        </option>
      ))}
    </select>
  );
}
