import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadOperations } from '../../server/src/gateway/load-operations.ts';
import { operationSpecs } from '../../server/src/rpc/spec.gen.ts';

/** Parameters that fill a place of a resource pattern, where another than the one of its name does. */
const fillers: Record<string, string[]> = { NamespaceName: ['NamespaceName', 'RepoNamespaceName'] };

test('an operation whose parameters do not spell its RAM resource answers the resource itself', async () => {
  for (const [action, operation] of await loadOperations()) {
    const { resource, parameters } = operationSpecs[operation.action];
    const places = [...resource.matchAll(/\{(\w+)\}/g)].map(([, place]) => place ?? '');
    const open = places.filter((place) => !(fillers[place] ?? [place]).some((name) => name in parameters));
    if (open.length > 0) assert.ok(operation.resource, `${action}: nothing fills ${open.join(', ')} of ${resource}`);
  }
});

test("the log's RAM action is the vendor's, on every resource only", () => {
  const { ramAction, level, resource } = operationSpecs.ListRepoBuildRecordLog;
  assert.deepEqual([ramAction, level, resource], ['cr:GetRepositoryBuildLog', 'Read', '*']);
});
