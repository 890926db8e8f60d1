import type { ApiOperation, ApiParameter } from './operation.ts';

/** The value of each parameter in a form, as typed. */
export type Typed = Readonly<Record<string, string>>;

/**
 * The parameters to send: empty values are left out, a list has one value per line, and JSON is parsed. Text that is
 * not valid JSON is sent as is, and the server says what is wrong with it.
 */
export function paramsOf(operation: ApiOperation, typed: Typed): Record<string, unknown> {
  const given = operation.parameters.filter(({ name }) => (typed[name] ?? '') !== '');
  return Object.fromEntries(
    given.map((parameter) => [parameter.name, sentValue(parameter, typed[parameter.name] ?? '')]),
  );
}

function sentValue({ type }: ApiParameter, text: string): unknown {
  if (type === 'list') return text.split('\n').filter((line) => line !== '');
  if (type !== 'json') return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
