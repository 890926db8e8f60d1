/** One entry that a client requests in a `scope` parameter; only repositories are ever granted. */
export interface RequestedScope {
  /** Exact repository name, `namespace/name`. */
  name: string;
  actions: RepositoryAction[];
}

/** One entry of a token's `access` claim (distribution, docs/spec/auth/jwt.md). */
export interface Grant {
  type: 'repository';
  name: string;
  actions: RepositoryAction[];
}

/**
 * The actions that a token can allow. `*`, which some clients request for a deletion, means all of them; each is
 * decided separately.
 */
export type RepositoryAction = 'pull' | 'push' | 'delete';

const ACTIONS = ['pull', 'push', 'delete'] as const;

// Distribution's own name rule (reference/regexp.go), without a host, and exactly two components as the API knows them.
const COMPONENT = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const REPOSITORY_NAME = new RegExp(`^${COMPONENT}/${COMPONENT}$`);
const MAX_NAME_CHARS = 256;
const MAX_SCOPES = 64;

/**
 * Reads the `scope` parameters of a token request (distribution, docs/spec/auth/scope.md). Drops everything that is not
 * an exact, well-formed repository scope, as the specification asks of a server that cannot grant it, and merges
 * repeated names. Reads at most 64 entries.
 */
export function parseScopes(parameters: readonly string[]): RequestedScope[] {
  const found = new Map<string, Set<RepositoryAction>>();
  const entries = parameters.flatMap((parameter) => parameter.split(' ')).slice(0, MAX_SCOPES);
  for (const entry of entries) {
    const scope = parseScope(entry);
    if (!scope) continue;
    const actions = found.get(scope.name) ?? new Set();
    for (const action of scope.actions) actions.add(action);
    found.set(scope.name, actions);
  }
  return [...found].map(([name, actions]) => ({ name, actions: inOrder(actions) }));
}

/** The part of the request to which `allows` agrees, entry by entry; drops entries left without an action. */
export function decideGrants(
  requested: readonly RequestedScope[],
  allows: (name: string, action: RepositoryAction) => boolean,
): Grant[] {
  return requested
    .map(({ name, actions }) => ({
      type: 'repository' as const,
      name,
      actions: actions.filter((action) => allows(name, action)),
    }))
    .filter((grant) => grant.actions.length > 0);
}

/** Splits `namespace/name`; undefined if the text is anything else. */
export function parseRepositoryName(text: string): { namespace: string; name: string } | undefined {
  if (text.length > MAX_NAME_CHARS || !REPOSITORY_NAME.test(text)) return undefined;
  const slash = text.indexOf('/');
  return { namespace: text.slice(0, slash), name: text.slice(slash + 1) };
}

function parseScope(entry: string): RequestedScope | undefined {
  const first = entry.indexOf(':');
  const last = entry.lastIndexOf(':');
  if (first < 0 || last === first) return undefined;
  if (entry.slice(0, first) !== 'repository') return undefined;
  const name = entry.slice(first + 1, last);
  if (!parseRepositoryName(name)) return undefined;
  const actions = new Set(
    entry
      .slice(last + 1)
      .split(',')
      .flatMap((action) => (action === '*' ? ACTIONS : ACTIONS.filter((known) => known === action))),
  );
  return actions.size === 0 ? undefined : { name, actions: inOrder(actions) };
}

function inOrder(actions: ReadonlySet<RepositoryAction>): RepositoryAction[] {
  return ACTIONS.filter((action) => actions.has(action));
}
