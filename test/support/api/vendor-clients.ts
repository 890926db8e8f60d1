import openApiClient from '@alicloud/openapi-client';
import openApiCore from '@alicloud/openapi-core';
import PopCore from '@alicloud/pop-core';
import rpcClient from '@alicloud/rpc-client';
import teaUtil from '@alicloud/tea-util';

/** The server and the key pair that signs. */
export interface Target {
  readonly host: string;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** Version of the product; cr's by default. */
  readonly apiVersion?: string;
}

/** One of the vendor's published clients, in one of the forms it can send: an operation with flat parameters. */
export interface VendorClient {
  readonly name: string;
  call(action: string, params: Record<string, string>): Promise<Record<string, unknown>>;
}

const CR_VERSION = '2018-12-01';

/** Every client and form that npm has, configured only with documented settings. */
export function vendorClients(target: Target): VendorClient[] {
  return [
    ...(['GET', 'POST'] as const).map((method) => popCore(target, method)),
    ...(['GET', 'POST'] as const).map((method) => openApi(target, method)),
    openApi(target, 'POST', 'v2'),
    ...(['GET', 'POST'] as const).map((method) => core(target, method)),
    rpc(target, 'query'),
    rpc(target, 'body'),
  ];
}

function popCore(
  { host, accessKeyId, accessKeySecret, apiVersion = CR_VERSION }: Target,
  method: 'GET' | 'POST',
): VendorClient {
  const client = new PopCore({ endpoint: `http://${host}`, apiVersion, accessKeyId, accessKeySecret });
  return {
    name: `pop-core ${method}`,
    call: (action, params) => client.request(action, params, { method }),
  };
}

function openApi(
  { host, accessKeyId, accessKeySecret, apiVersion = CR_VERSION }: Target,
  method: 'GET' | 'POST',
  signatureAlgorithm?: 'v2',
): VendorClient {
  const { default: Client, Config, OpenApiRequest, Params } = openApiClient;
  const config = new Config({ endpoint: host, protocol: 'http', accessKeyId, accessKeySecret, signatureAlgorithm });
  const client = new Client(config);
  return {
    name: `openapi-client ${method}${signatureAlgorithm ? ' v1' : ' ACS3'}`,
    call: async (action, query) => {
      const params = new Params({ ...callParams(action, apiVersion), method });
      const { body } = await client.callApi(params, new OpenApiRequest({ query }), new teaUtil.RuntimeOptions({}));
      return body;
    },
  };
}

function core(
  { host, accessKeyId, accessKeySecret, apiVersion = CR_VERSION }: Target,
  method: 'GET' | 'POST',
): VendorClient {
  const { default: Client, $OpenApiUtil } = openApiCore;
  const client = new Client(
    new $OpenApiUtil.Config({ endpoint: host, protocol: 'http', accessKeyId, accessKeySecret }),
  );
  return {
    name: `openapi-core ${method} ACS3`,
    call: async (action, query) => {
      const params = new $OpenApiUtil.Params({ ...callParams(action, apiVersion), method });
      const { body } = await client.callApi(
        params,
        new $OpenApiUtil.OpenApiRequest({ query }),
        new teaUtil.RuntimeOptions({}),
      );
      return body;
    },
  };
}

/**
 * The client that Terraform's newer resources use: common parameters in the query, the others in the query or in a form
 * body.
 */
function rpc(
  { host, accessKeyId, accessKeySecret, apiVersion = CR_VERSION }: Target,
  placement: 'query' | 'body',
): VendorClient {
  const { default: Client, Config } = rpcClient;
  const client = new Client(new Config({ endpoint: host, protocol: 'http', accessKeyId, accessKeySecret }));
  return {
    name: `rpc-client ${placement}`,
    call: (action, params) => {
      const [query, body] = placement === 'query' ? [params, {}] : [{}, params];
      const runtime = new teaUtil.RuntimeOptions({});
      return client.doRequest(action, 'http', 'POST', apiVersion, 'AK', query, body, runtime);
    },
  };
}

function callParams(action: string, version: string) {
  return {
    action,
    version,
    protocol: 'HTTP',
    pathname: '/',
    authType: 'AK',
    style: 'RPC',
    reqBodyType: 'formData',
    bodyType: 'json',
  };
}
