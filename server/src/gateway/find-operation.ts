import { ApiError, invalidParameter, missingParameter } from '#rpc/errors/api-error.ts';
import { isFederated, operationNotImplemented } from '#rpc/errors/not-implemented.ts';
import type { LoadedOperation } from '#rpc/operation.ts';
import type { OperationSpec } from '#rpc/operation-spec.ts';
import { type Action, operationSpecs, productVersions } from '#rpc/spec.gen.ts';
import { wireAction } from '#rpc/wire-action.ts';
import type { RpcRequest } from './read-request.ts';

/** Operations that are built, by action. */
export type Operations = ReadonlyMap<string, LoadedOperation>;

/** What a request asks for, and by which of the two signature forms it says who asks. */
export interface FoundOperation {
  readonly style: 'v1' | 'acs3';
  readonly action: Action;
  readonly spec: OperationSpec;
  /** Absent while the operation is not built. */
  readonly operation: LoadedOperation | undefined;
}

/** The operations of a product by their actions, by the version that chooses the product. */
const products = new Map<string, Map<string, Action>>(
  Object.entries(productVersions).map(([product, version]) => {
    const own = (Object.keys(operationSpecs) as Action[]).filter((name) => operationSpecs[name].product === product);
    return [version, new Map(own.map((name) => [wireAction(name), name]))];
  }),
);
const V1_MARKS = ['Signature', 'AccessKeyId', 'SignatureMethod', 'SignatureVersion', 'SignatureNonce'];

/**
 * Chooses the operation by Version, which names the product, and Action: of the signed parameters in form v1, of the signed headers in form
 * ACS3. Refuses a request that carries both forms: one of them would go unverified.
 */
export function findOperation(request: RpcRequest, operations: Operations): FoundOperation {
  const style = signatureStyle(request);
  const action = named(request, style, 'Action', 'x-acs-action');
  const version = named(request, style, 'Version', 'x-acs-version');
  const actions = products.get(version);
  if (actions === undefined) {
    throw new ApiError('InvalidVersion', 400, 'Specified parameter Version is not valid.');
  }
  const name = actions.get(action);
  if (name === undefined) {
    // Some are not signed: the statement of an identity provider replaces the signature.
    if (isFederated(action) && version !== productVersions.cr) throw operationNotImplemented(action);
    const message = 'Specified api is not found, please check your url and method.';
    throw new ApiError('InvalidAction.NotFound', 404, message);
  }
  return { style, action: name, spec: operationSpecs[name], operation: operations.get(name) };
}

/** ACS3 where its Authorization header is there, else v1. Other Authorization schemes are for others on the way. */
function signatureStyle({ headers, parameters }: RpcRequest): 'v1' | 'acs3' {
  const acs3 = headers.get('authorization')?.some((value) => /^\s*ACS3-/i.test(value));
  if (!acs3) return 'v1';
  const mark = V1_MARKS.find((name) => parameters.has(name));
  if (mark !== undefined) throw invalidParameter(mark, 'the request is signed by its Authorization header too.');
  return 'acs3';
}

function named(request: RpcRequest, style: 'v1' | 'acs3', parameter: string, header: string): string {
  const inParameter = request.parameters.get(parameter);
  const inHeader = request.headers.get(header)?.[0];
  if (style === 'acs3') {
    if (inParameter !== undefined && inParameter !== inHeader) {
      throw invalidParameter(parameter, `it differs from the header ${header}.`);
    }
    return required(inHeader, parameter);
  }
  // In form v1 headers are not signed: they count only where nothing is signed at all, to name what is missing.
  const unsigned = !V1_MARKS.some((name) => request.parameters.has(name));
  return required(inParameter ?? (unsigned ? inHeader : undefined), parameter);
}

function required(value: string | undefined, name: string): string {
  if (value === undefined || value === '') throw missingParameter(name);
  return value;
}
