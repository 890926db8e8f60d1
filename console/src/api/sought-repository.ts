/** What a text asks of a list of repositories. */
export interface SoughtRepository {
  RepoNamespaceName?: string;
  RepoName?: string;
}

/** Names in the API have no namespace: `team/app` asks for two, `team/` for all of a namespace. Undefined if it asks for nothing. */
export function soughtRepository(text: string): SoughtRepository | undefined {
  const at = text.indexOf('/');
  const [namespace, name] = at < 0 ? ['', text] : [text.slice(0, at), text.slice(at + 1)];
  if (namespace === '' && name === '') return undefined;
  return {
    ...(namespace === '' ? {} : { RepoNamespaceName: namespace }),
    ...(name === '' ? {} : { RepoName: name }),
  };
}
