import type { FieldSpec } from '../ui/Field.tsx';

/**
 * The value to send for a field. An empty field is left out, so that the server's default applies; but if it had a
 * value that the form changes, it is sent empty, or the value would stay. A password is sent as is.
 */
export function sentValue(
  { kind, value = '' }: Pick<FieldSpec, 'kind' | 'value'>,
  entered: FormDataEntryValue | null,
  empties: boolean,
): unknown {
  if (kind === 'switch') return entered === 'true' ? 'true' : 'false';
  if (kind === 'password' || kind === 'new-password' || kind === 'area') return String(entered ?? '');
  const text = String(entered ?? '').trim();
  const isEmptied = empties && text === '' && value !== '';
  if (kind !== 'lines') return text === '' && !isEmptied ? undefined : text;
  if (text === '') return isEmptied ? [] : undefined;
  return text.split('\n').map((line) => line.trim());
}

/**
 * A field whose value the API can change but not take away: an empty parameter means that it stays. The browser asks
 * for a value then, and the field says why.
 */
export function keptOnceSet(field: FieldSpec): FieldSpec {
  if (field.value === undefined || field.value === '') return field;
  const hint = ['It can be changed, but not emptied.', field.hint].filter((part) => part !== undefined).join(' ');
  return { ...field, required: true, hint };
}
