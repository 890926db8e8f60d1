import type { RuleAuthor } from '#account/rule-author.ts';

/** The nodes of a chain, in the order in which an image passes them; the last two belong to a paid service of the vendor. */
export const NODE_NAMES = [
  'DOCKER_IMAGE_BUILD',
  'DOCKER_IMAGE_PUSH',
  'VULNERABILITY_SCANNING',
  'ACTIVATE_REPLICATION',
  'TRIGGER',
  'SNAPSHOT',
  'TRIGGER_SNAPSHOT',
] as const;
export type NodeName = (typeof NODE_NAMES)[number];

export const ISSUE_LEVELS = ['HIGH', 'MEDIUM', 'LOW', 'UNKNOWN'] as const;
export const DENY_ACTIONS = ['BLOCK', 'BLOCK_RETAG', 'BLOCK_DELETE_TAG'] as const;
export type DenyAction = (typeof DENY_ACTIONS)[number];

/** Which images a scan denies, as it was sent. Fields that were not sent are undefined; an empty text means the same. */
export interface DenyPolicy {
  IssueLevel?: string;
  /** Digits. */
  IssueCount?: string;
  /** Names of vulnerabilities, separated by commas. */
  IssueList?: string;
  MaliciousList?: string;
  BaselineList?: string;
  Logic?: string;
  Action?: string;
}

/** The settings of a node, as they were sent. */
export interface NodeConfig {
  /** Seconds. */
  Timeout?: number;
  Retry?: number;
  ScanEngine?: string;
  DenyPolicy?: DenyPolicy;
}

export interface ChainNode {
  NodeName: NodeName;
  Enable: boolean;
  NodeConfig?: NodeConfig;
}

/**
 * The configuration of a chain, with the vendor's names:
 * https://www.alibabacloud.com/help/en/acr/developer-reference/api-cr-2018-12-01-getchain
 */
export interface ChainConfig {
  Nodes: readonly ChainNode[];
  Routers: readonly { From: { NodeName: NodeName }; To: { NodeName: NodeName } }[];
}

/** A delivery chain: what must happen to an image in its scope before the image is replicated and triggers are called. */
export interface Chain {
  chainId: string;
  instanceId: string;
  name: string;
  description: string | undefined;
  scopeType: 'REPOSITORY' | 'NAMESPACE';
  /** The id of the repository or namespace. */
  scopeId: string;
  namespaceName: string;
  repoName: string | undefined;
  /** Names of repositories; each text has one name, or several separated by commas. */
  scopeExclude: readonly string[];
  createdMs: number;
  modifiedMs: number;
}

/** One version of a chain. */
export interface ChainVersion {
  configId: string;
  chainId: string;
  name: string;
  /** From 1. */
  version: number;
  scopeId: string;
  scopeExclude: readonly string[];
  config: ChainConfig;
  /** Who made this version. */
  author: RuleAuthor;
}

/** The settings of a node that is switched on, or undefined. */
export function enabledNode({ Nodes }: ChainConfig, name: NodeName): ChainNode | undefined {
  return Nodes.find(({ NodeName, Enable }) => NodeName === name && Enable);
}

/** Whether a chain controls replication and triggers: only a chain that scans does. */
export function isGate(config: ChainConfig): boolean {
  return enabledNode(config, 'VULNERABILITY_SCANNING') !== undefined;
}

/** Whether a chain excludes a repository of its namespace. */
export function excludes({ scopeExclude }: Pick<ChainVersion, 'scopeExclude'>, repoName: string): boolean {
  return scopeExclude.some((names) => listed(names).includes(repoName));
}

/** The entries of a comma-separated list. */
export function listed(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

/** How long a scan node waits and how often it tries again by default, as in the vendor's console. */
const TIMEOUT_SECONDS = 900;
const RETRIES = 3;

/** How long a scan node waits for a result, and how often it asks for another one. A Timeout of 0 means the default. */
export function scanPatience({ Timeout = 0, Retry = RETRIES }: NodeConfig = {}): { waitMs: number; retries: number } {
  return { waitMs: (Timeout === 0 ? TIMEOUT_SECONDS : Timeout) * 1000, retries: Retry };
}

/** The default chain of the vendor's console, which only records builds and pushes. */
export const DEFAULT_CONFIG: ChainConfig = {
  Nodes: NODE_NAMES.map((NodeName, index) => ({ NodeName, Enable: index < 2 })),
  Routers: (
    [
      ['DOCKER_IMAGE_BUILD', 'DOCKER_IMAGE_PUSH'],
      ['DOCKER_IMAGE_PUSH', 'VULNERABILITY_SCANNING'],
      ['VULNERABILITY_SCANNING', 'ACTIVATE_REPLICATION'],
      ['ACTIVATE_REPLICATION', 'TRIGGER'],
      ['VULNERABILITY_SCANNING', 'SNAPSHOT'],
      ['SNAPSHOT', 'TRIGGER_SNAPSHOT'],
    ] as const
  ).map(([from, to]) => ({ From: { NodeName: from }, To: { NodeName: to } })),
};
