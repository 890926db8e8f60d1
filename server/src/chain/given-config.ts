import { type ApiError, invalidParameter } from '#rpc/errors/api-error.ts';
import {
  type ChainConfig,
  type ChainNode,
  DENY_ACTIONS,
  type DenyPolicy,
  ISSUE_LEVELS,
  listed,
  NODE_NAMES,
  type NodeConfig,
  type NodeName,
} from './chain.ts';

const TEXT_LIMIT_CHARS = 32_768;
const ROUTERS_LIMIT = 50;
const LIST_LIMIT = 100;
const NAME_LIMIT_CHARS = 100;
const TIMEOUT_LIMIT_SECONDS = 86_400;
const RETRY_LIMIT = 10;
const COUNT_LIMIT = 1_000_000;

/** Reads the ChainConfig of a call. Throws InvalidParameter.ChainConfig, which names the wrong field and what is wrong with it. */
export function readChainConfig(text: string): ChainConfig {
  if (text.length > TEXT_LIMIT_CHARS)
    throw refuse('ChainConfig', `it has ${text.length} characters; ${TEXT_LIMIT_CHARS} is the limit`);
  const config = fieldsOf('ChainConfig', parse(text), ['Nodes', 'Routers', 'ChainConfigId', 'IsActive', 'Version']);
  const nodes = listOf('Nodes', config.Nodes, NODE_NAMES.length).map(readNode);
  const names = nodes.map(({ NodeName }) => NodeName);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw refuse('Nodes', `it has ${twice} twice`);
  const routers = listOf('Routers', config.Routers, ROUTERS_LIMIT).map((router, index) =>
    readRouter(`Routers[${index}]`, router, names),
  );
  return { Nodes: nodes, Routers: routers };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refuse('ChainConfig', 'it is not JSON');
  }
}

function readNode(value: unknown, index: number): ChainNode {
  const place = `Nodes[${index}]`;
  // The Terraform provider writes node_config.
  const node = fieldsOf(place, value, ['NodeName', 'Enable', 'NodeConfig', 'node_config']);
  if (node.NodeConfig !== undefined && node.node_config !== undefined)
    throw refuse(place, 'it has both NodeConfig and node_config');
  const name = nodeName(`${place}.NodeName`, node.NodeName);
  const { Enable = false } = node;
  if (typeof Enable !== 'boolean') throw refuse(`${place}.Enable`, 'it must be true or false');
  if (Enable && (name === 'SNAPSHOT' || name === 'TRIGGER_SNAPSHOT'))
    throw refuse(
      `${place}.Enable`,
      `${name} is a paid service of the vendor’s, which this server does not have; send false`,
    );
  const given = node.NodeConfig ?? node.node_config;
  const config = given === undefined ? {} : { NodeConfig: readNodeConfig(`${place}.NodeConfig`, given) };
  return { NodeName: name, Enable, ...config };
}

function readNodeConfig(place: string, value: unknown): NodeConfig {
  const given = fieldsOf(place, value, ['Timeout', 'Retry', 'ScanEngine', 'DenyPolicy']);
  const config: NodeConfig = {};
  if (given.Timeout !== undefined) config.Timeout = integer(`${place}.Timeout`, given.Timeout, TIMEOUT_LIMIT_SECONDS);
  if (given.Retry !== undefined) config.Retry = integer(`${place}.Retry`, given.Retry, RETRY_LIMIT);
  if (given.ScanEngine !== undefined)
    config.ScanEngine = word(`${place}.ScanEngine`, given.ScanEngine, ['ACR_SCAN_SERVICE']);
  if (given.DenyPolicy !== undefined) config.DenyPolicy = readDenyPolicy(`${place}.DenyPolicy`, given.DenyPolicy);
  return config;
}

const LISTS = ['IssueList', 'MaliciousList', 'BaselineList'] as const;

function readDenyPolicy(place: string, value: unknown): DenyPolicy {
  const given = fieldsOf(place, value, ['IssueLevel', 'IssueCount', ...LISTS, 'Logic', 'Action']);
  const policy: DenyPolicy = {};
  if (given.IssueLevel !== undefined) policy.IssueLevel = word(`${place}.IssueLevel`, given.IssueLevel, ISSUE_LEVELS);
  if (given.IssueCount !== undefined) policy.IssueCount = count(`${place}.IssueCount`, given.IssueCount);
  if (given.Logic !== undefined) policy.Logic = word(`${place}.Logic`, given.Logic, ['AND', 'OR']);
  if (given.Action !== undefined) policy.Action = word(`${place}.Action`, given.Action, DENY_ACTIONS);
  for (const list of LISTS) {
    const text = given[list];
    if (text === undefined) continue;
    if (typeof text !== 'string') throw refuse(`${place}.${list}`, 'it must be names in one text, separated by commas');
    const names = listed(text);
    if (names.length > LIST_LIMIT)
      throw refuse(`${place}.${list}`, `it has ${names.length} names; ${LIST_LIMIT} is the limit`);
    if (names.some((name) => name.length > NAME_LIMIT_CHARS))
      throw refuse(`${place}.${list}`, `it has a name of more than ${NAME_LIMIT_CHARS} characters`);
    policy[list] = text;
  }
  return policy;
}

function readRouter(place: string, value: unknown, present: readonly NodeName[]): ChainConfig['Routers'][number] {
  const router = fieldsOf(place, value, ['From', 'To']);
  const end = (name: 'From' | 'To') => {
    const node = nodeName(
      `${place}.${name}.NodeName`,
      fieldsOf(`${place}.${name}`, router[name], ['NodeName']).NodeName,
    );
    if (!present.includes(node)) throw refuse(`${place}.${name}`, `the chain has no node ${node}; add it to Nodes`);
    return node;
  };
  const [from, to] = [end('From'), end('To')];
  // Routers that only lead forward cannot form a cycle.
  if (NODE_NAMES.indexOf(from) >= NODE_NAMES.indexOf(to))
    throw refuse(
      place,
      `it leads from ${from} back to ${to}; routers lead forward in the order ${NODE_NAMES.join(', ')}`,
    );
  return { From: { NodeName: from }, To: { NodeName: to } };
}

function nodeName(place: string, value: unknown): NodeName {
  const name = NODE_NAMES.find((each) => each === value);
  if (name === undefined) throw refuse(place, `it must be one of ${NODE_NAMES.join(', ')}`);
  return name;
}

/** An empty text means the same as none: clients send it for fields that nobody filled in. */
function word(place: string, value: unknown, words: readonly string[]): string {
  if (value === '') return '';
  const found = words.find((each) => each === value);
  if (found === undefined)
    throw refuse(place, `it must be ${words.length === 1 ? words[0] : `one of ${words.join(', ')}`}`);
  return found;
}

function count(place: string, value: unknown): string {
  if (value === '') return '';
  const text = typeof value === 'number' ? String(value) : value;
  const isCount = typeof text === 'string' && /^[0-9]{1,7}$/.test(text);
  if (!isCount || Number(text) < 1 || Number(text) > COUNT_LIMIT)
    throw refuse(place, `it must be a number from 1 to ${COUNT_LIMIT}, as a text`);
  return text;
}

function integer(place: string, value: unknown, limit: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > limit)
    throw refuse(place, `it must be a number from 0 to ${limit}`);
  return value;
}

function listOf(place: string, value: unknown, limit: number): readonly unknown[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw refuse(place, 'it must be a list');
  if (value.length > limit) throw refuse(place, `it has ${value.length} entries; ${limit} is the limit`);
  return value;
}

/** The fields of an object. Unknown names are refused: a policy with a misspelled field would let every image pass. */
function fieldsOf<Name extends string>(
  place: string,
  value: unknown,
  names: readonly Name[],
): { readonly [Each in Name]?: unknown } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refuse(place, 'it must be an object');
  const unknown = Object.keys(value).find((name) => !(names as readonly string[]).includes(name));
  if (unknown !== undefined)
    throw refuse(
      place,
      `it has the unknown field ${JSON.stringify(unknown.slice(0, NAME_LIMIT_CHARS))}; it may have ${names.join(', ')}`,
    );
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null)) as {
    [Each in Name]?: unknown;
  };
}

function refuse(place: string, reason: string): ApiError {
  const where = place === 'ChainConfig' ? '' : `${place}: `;
  return invalidParameter('ChainConfig', `${where}${reason}.`, 'InvalidParameter.ChainConfig');
}
