import { createHmac } from 'node:crypto';
import { send, signV1, target } from '../../../server/src/gateway/testing/send.ts';
import { type Action, operationSpecs, productVersions } from '../../../server/src/rpc/spec.gen.ts';
import { wireAction } from '../../../server/src/rpc/wire-action.ts';
import { sampleParams } from '../api/sample-params.ts';
import { type Chance, chanceOf } from '../chance.ts';
import { native, pairOf, type TestServer } from '../slipway.ts';
import { hostileJson, hostileLength, hostileText } from './texts.ts';

/** What was sent where, and the answer. */
export interface Knock {
  door: string;
  status: number;
}

/** The entry points ("doors") of one server that take hostile texts. */
export interface HostileDoors {
  /** Sends one hostile request to a random door. Throws if the answer is a server fault. */
  knock(): Promise<Knock>;
}

type Door = (chance: Chance) => Promise<number>;

/** Longer than a value may be in the gateway, but shorter than a body. */
const VALUE_CHARS = 70_000;
/** A request's first line and headers may have 16 KiB. */
const LINE_CHARS = 12_000;
const BODY_CHARS = 1_000_000;
const EVENT_CHARS = 8_000_000;
const ACTIONS = Object.keys(operationSpecs) as Action[];

/**
 * Creates a repository with a hook on a server, and finds the server's doors; those of the native API come from its own
 * document.
 */
export async function openHostileDoors(server: TestServer, seed: number): Promise<HostileDoors> {
  const { root, client } = server;
  const { InstanceId } = root;
  await client.call('CreateNamespace', { InstanceId, NamespaceName: 'doors' });
  const repository = { RepoNamespaceName: 'doors', RepoName: 'app', RepoType: 'PRIVATE', Summary: 'x' } as const;
  await client.call('CreateRepository', { InstanceId, ...repository });
  const hook = await native(client, '/api/v1/repositories/doors/app/hook', {});
  const secret = String(hook.Secret);
  const document = (await (await fetch(`${root.Endpoint}/api/v1/openapi.json`)).json()) as Document;
  const doors: Record<string, Door> = {
    gateway: (chance) => knockAtGateway(server, chance),
    native: nativeDoor(server, document),
    'sign-in': (chance) => knockAtSignIn(root.Endpoint, chance),
    hook: (chance) => knockAtHook(root.Endpoint, { path: new URL(String(hook.Url)).pathname, secret }, chance),
    token: (chance) => knockAtToken(root.Endpoint, chance),
    registry: (chance) => knockAtRegistry(root.Endpoint, chance),
    headers: (chance) => knockWithHeaders(root.Endpoint, chance),
  };
  const each = Object.entries(doors).map(([door, knock], index) => ({ door, knock, chance: chanceOf(seed + index) }));
  let knocks = 0;
  return {
    async knock() {
      const { door, knock, chance } = each[knocks++ % each.length] ?? raise('there is no door');
      const status = await knock(chance);
      if (status >= 500 && status !== 503) raise(`the door ${door} answers ${status} (seed ${seed})`);
      return { door, status };
    },
  };
}

async function knockAtGateway({ root }: TestServer, chance: Chance): Promise<number> {
  const action = chance.pick(ACTIONS);
  const params = sampleParams(action, { InstanceId: root.InstanceId }, chance.below(2) === 0);
  const names = [...Object.keys(params), 'Unknown', 'Tag.1.Key', 'BuildArgs.1'];
  for (let i = 0; i < 1 + chance.below(3); i++)
    params[chance.pick(names)] = hostileText(chance, hostileLength(chance, VALUE_CHARS)).toWellFormed();
  const common = { Action: wireAction(action), Version: productVersions[operationSpecs[action].product] };
  const body = target(signV1(pairOf(root), 'POST', { ...common, ...params })).slice(2);
  const headers = { host: new URL(root.Endpoint).host, 'content-type': 'application/x-www-form-urlencoded' };
  return statusOf(root.Endpoint, '/', { method: 'POST', headers, body });
}

interface Document {
  paths: Record<string, Record<string, Described>>;
  components: { schemas: Record<string, Schema> };
}
interface Schema {
  $ref?: string;
  properties?: Record<string, Schema>;
}
interface Described {
  parameters?: { name: string; in: string }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
}

function nativeDoor({ client }: TestServer, { paths, components }: Document): Door {
  const routes = Object.entries(paths)
    .filter(([path]) => !path.endsWith('/stream'))
    .flatMap(([path, methods]) => Object.entries(methods).map(([method, described]) => ({ path, method, described })))
    .filter(({ method }) => ['get', 'post', 'put', 'delete'].includes(method));
  return async (chance) => {
    const { path, method, described } = chance.pick(routes);
    const short = () => encodeURIComponent(hostileText(chance, 1 + chance.below(200)).toWellFormed());
    const filled = path.replaceAll(/\{\w+\}/g, () => (chance.below(2) === 0 ? 'app' : short()));
    const query = new URLSearchParams();
    for (const { name, in: place } of described.parameters ?? [])
      if (place === 'query') query.append(name, hostileText(chance, hostileLength(chance, LINE_CHARS / 4)));
    const schema = described.requestBody?.content['application/json']?.schema;
    const fields = Object.keys(propertiesOf(schema, components.schemas));
    const value = () => hostileText(chance, hostileLength(chance, BODY_CHARS / 4));
    const object = Object.fromEntries(fields.map((name) => [name, chance.below(2) === 0 ? value() : 'x']));
    const body =
      chance.below(3) === 0 ? hostileJson(chance, hostileLength(chance, BODY_CHARS)) : JSON.stringify(object);
    const where = `/api/v1${filled}?${String(query).slice(0, LINE_CHARS)}`;
    const sent = method === 'post' || method === 'put' ? { body, headers: { 'content-type': 'application/json' } } : {};
    try {
      const answer = await client.fetch(where, { method: method.toUpperCase(), ...sent });
      await answer.arrayBuffer();
      return answer.status;
    } catch (error) {
      return closedEarly((error as Error).cause ?? error);
    }
  };
}

function propertiesOf(schema: Schema | undefined, schemas: Record<string, Schema>): Record<string, Schema> {
  const named = schema?.$ref === undefined ? schema : schemas[schema.$ref.split('/').at(-1) ?? ''];
  return named?.properties ?? {};
}

function knockAtSignIn(endpoint: string, chance: Chance): Promise<number> {
  const fields = ['UserName', 'Password', 'NewPassword'];
  const said = fields.map((name) => [name, hostileText(chance, hostileLength(chance, 5000))]);
  const body = chance.below(4) === 0 ? hostileJson(chance, 16_000) : JSON.stringify(Object.fromEntries(said));
  const headers = { host: new URL(endpoint).host, 'content-type': 'application/json' };
  return statusOf(endpoint, '/api/v1/session/password', { method: 'POST', headers, body });
}

function knockAtHook(endpoint: string, hook: { path: string; secret: string }, chance: Chance): Promise<number> {
  const text = () => hostileText(chance, hostileLength(chance, 100_000)).toWellFormed();
  const event = {
    ref: chance.below(2) === 0 ? `refs/heads/${text()}` : text(),
    after: chance.below(2) === 0 ? 'a'.repeat(40) : text(),
    [chance.pick(['before', 'checkout_sha', 'deleted', 'x'])]: text(),
    repository: { full_name: text() },
    commits: [{ message: text() }],
  };
  const body = chance.below(3) === 0 ? hostileJson(chance, hostileLength(chance, EVENT_CHARS)) : JSON.stringify(event);
  const signature = `sha256=${createHmac('sha256', hook.secret).update(body).digest('hex')}`;
  const headers = {
    'content-type': 'application/json',
    'x-hub-signature-256': chance.below(10) === 0 ? inHeader(text()) : signature,
    'x-github-delivery': inHeader(text()),
  };
  const path = chance.below(10) === 0 ? `/hooks/${encodeURIComponent(text()).slice(0, LINE_CHARS)}` : hook.path;
  return statusOf(endpoint, path, { method: 'POST', headers, body });
}

function knockAtToken(endpoint: string, chance: Chance): Promise<number> {
  const query = new URLSearchParams();
  for (const name of ['service', 'account', 'scope', 'scope', 'client_id'])
    if (chance.below(2) === 0) query.append(name, hostileText(chance, hostileLength(chance, 2000)));
  query.append('scope', `repository:${hostileText(chance, hostileLength(chance, 2000))}:pull,push`);
  const login = Buffer.from(hostileText(chance, hostileLength(chance, 2500))).toString('base64');
  const headers = chance.below(2) === 0 ? { authorization: `Basic ${login}` } : {};
  return statusOf(endpoint, `/token?${String(query).slice(0, LINE_CHARS - 3000)}`, { headers });
}

function knockAtRegistry(endpoint: string, chance: Chance): Promise<number> {
  const part = () => encodeURIComponent(hostileText(chance, hostileLength(chance, 1500)).toWellFormed());
  const kind = chance.pick(['manifests', 'blobs', 'blobs/uploads', 'tags/list', 'referrers', '_catalog']);
  const path = `/v2/${part()}/${kind}/${part()}`.slice(0, LINE_CHARS - 3000);
  const headers = { authorization: `Bearer ${inHeader(hostileText(chance, 2000))}` };
  const method = chance.pick(['GET', 'HEAD', 'PUT', 'POST', 'PATCH', 'DELETE']);
  const body = method === 'PUT' || method === 'PATCH' ? hostileJson(chance, 100_000) : undefined;
  return statusOf(endpoint, path, { method, headers, ...(body === undefined ? {} : { body }) });
}

const HEADERS = [
  ...[
    'authorization',
    'cookie',
    'x-forwarded-for',
    'forwarded',
    'x-forwarded-proto',
    'accept',
    'accept-encoding',
    'range',
  ],
  ...['content-type', 'x-acs-action', 'x-acs-date', 'x-acs-signature-nonce', 'origin', 'traceparent', 'if-none-match'],
];
const SCHEMES = [
  '',
  'Bearer ',
  'Basic ',
  'ACS3-HMAC-SHA256 Credential=',
  'ACS3-HMAC-SHA256 Credential=a,SignedHeaders=',
];

function knockWithHeaders(endpoint: string, chance: Chance): Promise<number> {
  const headers: Record<string, string> = {};
  for (let i = 0; i < 3; i++) {
    const name = chance.pick(HEADERS);
    const scheme = name === 'authorization' ? chance.pick(SCHEMES) : '';
    headers[name] = inHeader(`${scheme}${hostileText(chance, hostileLength(chance, LINE_CHARS / 3))}`);
  }
  const path = chance.pick(['/', '/healthz', '/console/', '/api/v1/builds', '/v2/', '/token', '/metrics', '/hooks/x']);
  return statusOf(endpoint, path, { headers });
}

/** What of a text can be in a header. */
function inHeader(text: string): string {
  return text.replaceAll(/[^\x21-\x7e ]/g, '~').slice(0, LINE_CHARS / 3);
}

/** The status of an answer; 0 if the server just closed the connection. */
async function statusOf(endpoint: string, path: string, options: Parameters<typeof send>[2]): Promise<number> {
  try {
    return (await send({ endpoint }, path, options)).status;
  } catch (error) {
    return closedEarly(error);
  }
}

/** A server that has answered may close before all was sent, so that the answer is lost. */
function closedEarly(error: unknown): number {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ECONNRESET' || code === 'EPIPE' || code === 'UND_ERR_SOCKET') return 0;
  throw error;
}

function raise(message: string): never {
  throw new Error(message);
}
