import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ChainChoice, chainChoiceOf, chainConfigOf, denialOf, withChainStep } from './chain-choice.ts';

const CHOICE: ChainChoice = {
  scans: true,
  level: 'MEDIUM',
  count: 3,
  names: ['CVE-2023-1', 'CVE-2023-2'],
  needsBoth: true,
  deniedTag: 'BLOCK_RETAG',
  timeoutSeconds: 60,
  retries: 0,
  replicates: true,
  triggers: false,
};

test('a choice survives its way through a ChainConfig, and is told in words', () => {
  assert.deepEqual(chainChoiceOf(chainConfigOf(CHOICE)), CHOICE);
  assert.equal(
    denialOf(CHOICE),
    '3 or more vulnerabilities of severity medium or above and any of CVE-2023-1, CVE-2023-2',
  );
  const nothing = {
    scans: true,
    names: [],
    needsBoth: false,
    deniedTag: 'BLOCK',
    replicates: true,
    triggers: true,
  } as const;
  assert.deepEqual(chainChoiceOf(chainConfigOf(nothing)), nothing);
  assert.equal(denialOf(nothing), undefined);
  assert.equal(denialOf({ ...nothing, level: 'UNKNOWN' }), 'a vulnerability of any severity');
});

test('a change of a choice, and of one step, keeps what else a ChainConfig says', () => {
  const before = JSON.stringify({
    Nodes: [
      { NodeName: 'DOCKER_IMAGE_PUSH', Enable: true },
      {
        NodeName: 'VULNERABILITY_SCANNING',
        Enable: true,
        NodeConfig: { ScanEngine: 'ACR_SCAN_SERVICE', DenyPolicy: { IssueLevel: 'HIGH', BaselineList: 'b' } },
      },
      { NodeName: 'SNAPSHOT', Enable: false },
    ],
    Routers: [{ From: { NodeName: 'DOCKER_IMAGE_PUSH' }, To: { NodeName: 'VULNERABILITY_SCANNING' } }],
  });
  const { Nodes, Routers } = JSON.parse(chainConfigOf({ ...chainChoiceOf(before), level: 'LOW' }, before));
  assert.deepEqual(Routers, JSON.parse(before).Routers);
  assert.deepEqual(
    Nodes.map(({ NodeName }: { NodeName: string }) => NodeName),
    ['DOCKER_IMAGE_PUSH', 'VULNERABILITY_SCANNING', 'SNAPSHOT', 'ACTIVATE_REPLICATION', 'TRIGGER'],
  );
  assert.deepEqual(Nodes[1].NodeConfig, {
    ScanEngine: 'ACR_SCAN_SERVICE',
    DenyPolicy: { BaselineList: 'b', IssueLevel: 'LOW', IssueCount: '1' },
  });
  const off = withChainStep(before, 'VULNERABILITY_SCANNING', false);
  assert.equal(chainChoiceOf(off).scans, false);
  assert.deepEqual(chainChoiceOf(withChainStep(off, 'VULNERABILITY_SCANNING', true)), chainChoiceOf(before));
});
