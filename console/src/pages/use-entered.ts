import { type ChangeEvent, useEffect, useState } from 'react';

/** What an input or select needs to show and take its value. */
export interface FieldProps {
  name: string;
  value: string;
  onChange(event: ChangeEvent<HTMLInputElement | HTMLSelectElement>): void;
}

/** The fields of a form whose values are in the URL: what was entered stays until the URL says something else. */
export function useEntered<Name extends string>(given: Readonly<Record<Name, string | undefined>>) {
  const [entered, setEntered] = useState(given);
  const key = JSON.stringify(given);
  useEffect(() => setEntered(JSON.parse(key)), [key]);
  const set = (name: Name, value: string) => setEntered((before) => ({ ...before, [name]: value }));
  const field = (name: Name): FieldProps => ({
    name,
    value: entered[name] ?? '',
    onChange: ({ target }) => set(name, target.value),
  });
  return { entered, set, field };
}
