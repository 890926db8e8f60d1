/** What a delivery chain does, in few words: the form of the console, and the options of the command line. */
export interface ChainChoice {
  /** Whether images are scanned. Without a scan, a chain holds nothing. */
  readonly scans: boolean;
  /** The least severity that is denied; undefined if the severity is not looked at. */
  readonly level?: DeniedLevel | undefined;
  /** From how many vulnerabilities of that severity or above an image is denied. */
  readonly count?: number | undefined;
  /** Names of vulnerabilities that are denied. */
  readonly names: readonly string[];
  /** Whether an image must have both, the count and one of the names, to be denied. */
  readonly needsBoth: boolean;
  /** What happens to the tag of a denied image. */
  readonly deniedTag: DeniedTag;
  /** How many seconds a scan may take; undefined for what the server does. */
  readonly timeoutSeconds?: number | undefined;
  readonly retries?: number | undefined;
  readonly replicates: boolean;
  readonly triggers: boolean;
}

export type DeniedLevel = 'HIGH' | 'MEDIUM' | 'LOW' | 'UNKNOWN';
export type DeniedTag = 'BLOCK' | 'BLOCK_DELETE_TAG' | 'BLOCK_RETAG';

/** The steps of a chain that can be switched on and off, in order, by their names in the API. */
export const CHAIN_STEPS = {
  VULNERABILITY_SCANNING: 'scan',
  ACTIVATE_REPLICATION: 'replication',
  TRIGGER: 'triggers',
} as const;
export type ChainStep = keyof typeof CHAIN_STEPS;

interface Policy {
  IssueLevel?: string;
  IssueCount?: string;
  IssueList?: string;
  Logic?: string;
  Action?: string;
}

interface Node {
  NodeName: string;
  Enable?: boolean;
  NodeConfig?: { Timeout?: number; Retry?: number; DenyPolicy?: Policy };
}

interface Config {
  Nodes?: Node[];
}

const LEVELS: readonly string[] = ['HIGH', 'MEDIUM', 'LOW', 'UNKNOWN'];
const TAG_ACTIONS: readonly string[] = ['BLOCK', 'BLOCK_DELETE_TAG', 'BLOCK_RETAG'];

/** The ChainConfig of a choice. What `before` has beyond a choice stays. */
export function chainConfigOf(choice: ChainChoice, before = '{}'): string {
  const policy: Policy = {
    ...(choice.level === undefined ? {} : { IssueLevel: choice.level, IssueCount: String(choice.count ?? 1) }),
    ...(choice.names.length === 0 ? {} : { IssueList: choice.names.join(',') }),
    ...(choice.needsBoth ? { Logic: 'AND' } : {}),
    ...(choice.deniedTag === 'BLOCK' ? {} : { Action: choice.deniedTag }),
  };
  const scan = {
    ...(choice.timeoutSeconds === undefined ? {} : { Timeout: choice.timeoutSeconds }),
    ...(choice.retries === undefined ? {} : { Retry: choice.retries }),
  };
  const config = JSON.parse(before) as Config;
  const scanBefore = nodeOf(config, 'VULNERABILITY_SCANNING')?.NodeConfig;
  const { IssueLevel, IssueCount, IssueList, Logic, Action, ...policyBefore } = scanBefore?.DenyPolicy ?? {};
  const { Timeout, Retry, DenyPolicy, ...nodeBefore } = scanBefore ?? {};
  const NodeConfig = { ...nodeBefore, ...scan, DenyPolicy: { ...policyBefore, ...policy } };
  let next = withNode(config, { NodeName: 'VULNERABILITY_SCANNING', Enable: choice.scans, NodeConfig });
  next = withNode(next, { NodeName: 'ACTIVATE_REPLICATION', Enable: choice.replicates });
  return JSON.stringify(withNode(next, { NodeName: 'TRIGGER', Enable: choice.triggers }));
}

/** What a ChainConfig does. */
export function chainChoiceOf(text: string): ChainChoice {
  const config = JSON.parse(text) as Config;
  const isOn = (step: ChainStep) => nodeOf(config, step)?.Enable === true;
  const { Timeout, Retry, DenyPolicy: policy = {} } = nodeOf(config, 'VULNERABILITY_SCANNING')?.NodeConfig ?? {};
  const count = Number(policy.IssueCount || 1);
  const hasCount = Boolean(policy.IssueLevel || policy.IssueCount);
  return {
    scans: isOn('VULNERABILITY_SCANNING'),
    // Without a level, the server looks at every vulnerability.
    ...(hasCount ? { level: wordOf<DeniedLevel>(LEVELS, policy.IssueLevel, 'UNKNOWN'), count } : {}),
    names: (policy.IssueList ?? '')
      .split(',')
      .map((name) => name.trim())
      .filter(Boolean),
    needsBoth: policy.Logic === 'AND',
    deniedTag: wordOf<DeniedTag>(TAG_ACTIONS, policy.Action, 'BLOCK'),
    // The server takes 0 as its default.
    ...(Timeout ? { timeoutSeconds: Timeout } : {}),
    ...(Retry === undefined ? {} : { retries: Retry }),
    replicates: isOn('ACTIVATE_REPLICATION'),
    triggers: isOn('TRIGGER'),
  };
}

/** A ChainConfig with one of its steps switched on or off. */
export function withChainStep(text: string, step: ChainStep, isOn: boolean): string {
  const config = JSON.parse(text) as Config;
  return JSON.stringify(withNode(config, { ...nodeOf(config, step), NodeName: step, Enable: isOn }));
}

/** What a chain denies, in a sentence without its point; undefined if it denies nothing. */
export function denialOf({ scans, level, count = 1, names, needsBoth }: ChainChoice): string | undefined {
  if (!scans) return undefined;
  const severity = level === 'UNKNOWN' ? 'of any severity' : `of severity ${level?.toLowerCase()} or above`;
  const many =
    level === undefined ? [] : [`${count === 1 ? 'a vulnerability' : `${count} or more vulnerabilities`} ${severity}`];
  const named = names.length === 0 ? [] : [`any of ${names.join(', ')}`];
  return [...many, ...named].join(needsBoth ? ' and ' : ' or ') || undefined;
}

function nodeOf({ Nodes = [] }: Config, name: string): Node | undefined {
  return Nodes.find(({ NodeName }) => NodeName === name);
}

function withNode(config: Config, node: Node): Config {
  const { Nodes = BUILT_AND_PUSHED } = config;
  const isThere = nodeOf(config, node.NodeName) !== undefined;
  return {
    ...config,
    Nodes: isThere
      ? Nodes.map((each) => (each.NodeName === node.NodeName ? { ...each, ...node } : each))
      : [...Nodes, node],
  };
}

/** Where every image comes from. */
const BUILT_AND_PUSHED: Node[] = [
  { NodeName: 'DOCKER_IMAGE_BUILD', Enable: true },
  { NodeName: 'DOCKER_IMAGE_PUSH', Enable: true },
];

function wordOf<Word extends string>(words: readonly string[], word: string | undefined, otherwise: Word): Word {
  return word !== undefined && words.includes(word) ? (word as Word) : otherwise;
}
