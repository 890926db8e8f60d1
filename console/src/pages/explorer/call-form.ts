import type { ApiOperation, ApiParameter } from './operation.ts';

/** What a form holds of each parameter, as it was typed. */
export type Typed = Readonly<Record<string, string>>;

/**
 * The parameters to send: what is empty is left out, a list is one value a line, JSON is read. Text that is no JSON goes as
 * it is: the server says what is wrong with it.
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
