import type { Database } from '#db/database.ts';
import { missingParameter } from '#rpc/errors/api-error.ts';
import { namespaceNotFound } from './errors.ts';
import type { Namespace } from './namespace.ts';
import { findNamespace, findNamespaceById } from './namespace-store.ts';

/** How a call names a namespace: by its id, by its name, or by both. */
interface GivenNamespace {
  InstanceId: string;
  NamespaceId?: string | undefined;
  NamespaceName?: string | undefined;
}

/**
 * The namespace that a call names, also while it is being deleted. Throws MissingParameter if it names none, and
 * NAMESPACE_NOT_EXIST, also if id and name disagree.
 */
export async function getGivenNamespace(db: Database, given: GivenNamespace): Promise<Namespace> {
  const { InstanceId, NamespaceId, NamespaceName } = given;
  if (NamespaceId === undefined) {
    if (NamespaceName === undefined) throw missingParameter('NamespaceName');
    const named = await findNamespace(db, InstanceId, NamespaceName);
    if (!named) throw namespaceNotFound();
    return named;
  }
  const namespace = await findNamespaceById(db, InstanceId, NamespaceId);
  const agrees = NamespaceName === undefined || namespace?.name === NamespaceName;
  if (!namespace || !agrees) throw namespaceNotFound();
  return namespace;
}

/**
 * Its RAM resource if the call gives its id; undefined for an unknown id, and if the name completes the pattern itself.
 */
export async function givenNamespaceResource(db: Database, given: GivenNamespace): Promise<string | undefined> {
  const { InstanceId, NamespaceId } = given;
  if (NamespaceId === undefined) return undefined;
  const namespace = await findNamespaceById(db, InstanceId, NamespaceId);
  return namespace && `repository/${InstanceId}/${namespace.name}`;
}
