import { randomBytes, randomUUID } from 'node:crypto';
import { secretBox } from '#account/secret-box.ts';
import type { Means } from '#rpc/context.ts';
import { newId } from '#rpc/new-id.ts';

/** The key pair of the account's owner. */
export const PAIR = { accessKeyId: 'test-key', accessKeySecret: 'test-secret' };

/** What operations work with in a test: what is given, and otherwise what a server has whose operator set nothing. */
export function meansUnderTest(given: Pick<Means, 'db' | 'logbook'> & Partial<Means>): Means {
  return {
    accountId: '1234567890123456',
    regionId: 'local',
    nodeId: 'node-1',
    now: () => Date.now(),
    newId,
    newBuildRecordId: () => randomUUID(),
    secrets: secretBox(randomBytes(32)),
    publicHost: 'registry.example:8720',
    quotas: { namespaces: 100, repositories: 5000, chartNamespaces: 50, chartRepositories: 5000 },
    networks: [],
    syncTargets: [],
    providers: [{ name: 'DOCKER_HUB', host: 'docker.io' }],
    certificates: { mistakeOf: () => undefined, domainsChanged: async () => undefined },
    deleteNamespaceContents: false,
    hasOtherScanner: false,
    mail: { domains: [] },
    timeZone: 'UTC',
    removeObjects: async () => undefined,
    takesBuilds: true,
    buildQueued: () => undefined,
    jobsChanged: () => undefined,
    noteDecision: () => undefined,
    ...given,
  };
}
