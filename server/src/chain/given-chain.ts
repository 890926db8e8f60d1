import { nameMistake } from '#namespace/namespace.ts';
import { REPOSITORY_NAME_LIMIT } from '#repository/repository.ts';
import { invalidParameter } from '#rpc/errors/api-error.ts';
import { listed } from './chain.ts';

const NAME_LIMIT_CHARS = 64;
const DESCRIPTION_LIMIT_CHARS = 500;
const EXCLUDED_LIMIT = 50;

/** Throws InvalidParameter for a name, description or list of excluded repositories that a chain cannot have. */
export function checkGivenChain(given: {
  Name: string;
  Description?: string | undefined;
  ScopeExclude?: readonly string[] | undefined;
}): void {
  const { Name, Description = '', ScopeExclude = [] } = given;
  if (Name.length === 0 || Name.length > NAME_LIMIT_CHARS || /\p{Cc}/u.test(Name))
    throw invalidParameter('Name', `a name has 1 to ${NAME_LIMIT_CHARS} characters without control characters.`);
  if (Description.length > DESCRIPTION_LIMIT_CHARS)
    throw invalidParameter(
      'Description',
      `it has ${Description.length} characters; ${DESCRIPTION_LIMIT_CHARS} is the limit.`,
    );
  const names = ScopeExclude.flatMap(listed);
  if (Math.max(ScopeExclude.length, names.length) > EXCLUDED_LIMIT)
    throw invalidParameter('ScopeExclude', `it has more than ${EXCLUDED_LIMIT} entries.`);
  for (const name of names) {
    const mistake = nameMistake(name, REPOSITORY_NAME_LIMIT);
    if (mistake !== undefined)
      throw invalidParameter('ScopeExclude', `${JSON.stringify(name.slice(0, 100))} names no repository: ${mistake}.`);
  }
}
