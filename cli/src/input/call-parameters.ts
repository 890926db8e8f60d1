import { callParameters } from '@slipway/client/call-parameters.gen.ts';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { didYouMean, nearest } from '../error/nearest.ts';

/** What a call needs beyond what was typed. */
export interface CallNeeds {
  /** It takes the id of the server's instance, which was not given. */
  readonly needsInstance: boolean;
  /** Parameters that the operation does not have, each in a sentence. */
  readonly remarks: readonly string[];
}

/**
 * Checks the parameters of a call by name against the operation's. An operation that this command line does not know is
 * left to the server, unless its name is like one that it knows. Throws `CliError` that names all missing parameters.
 */
export function checkCall(action: string, given: Readonly<Record<string, string>>): CallNeeds {
  const known = Object.hasOwn(callParameters, action) ? callParameters[action] : undefined;
  if (known === undefined) {
    const near = nearest(action, Object.keys(callParameters));
    if (near.length === 0) return { needsInstance: false, remarks: [] };
    throw new CliError(EXIT_CODES.usage, `there is no operation ${action} (Did you mean ${near.join(' or ')}?)`);
  }
  const roots = new Set(Object.keys(given).map((name) => name.split('.')[0] ?? name));
  const missing = known.filter((name) => !name.endsWith('?') && !roots.has(name));
  const asked = missing.filter((name) => name !== 'InstanceId');
  const names = known.map((name) => name.replace('?', ''));
  const unknown = [...roots].filter((name) => !names.includes(name));
  const remarks = unknown.map((name) => `${action} has no parameter ${name}${didYouMean(name, names)}`);
  if (asked.length > 0)
    throw new CliError(
      EXIT_CODES.usage,
      [`${action} needs ${asked.map((name) => `${name}=VALUE`).join(' ')}`, ...remarks].join('; '),
    );
  return { needsInstance: missing.length > asked.length, remarks };
}
