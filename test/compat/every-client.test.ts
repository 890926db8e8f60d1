import assert from 'node:assert/strict';
import { test } from 'node:test';
import { operations } from '../../console/src/pages/explorer/operations.gen.ts';
import { startGatewayUnderTest } from '../../server/src/gateway/testing/gateway.ts';
import { type Action, operationSpecs, productVersions } from '../../server/src/rpc/spec.gen.ts';
import { wireAction } from '../../server/src/rpc/wire-action.ts';
import { sampleParams } from '../support/api/sample-params.ts';
import { vendorClients } from '../support/api/vendor-clients.ts';

const ACTIONS = Object.keys(operationSpecs) as Action[];
const EVERY_PAIR = process.env.SLIPWAY_TEST_LONG === '1';

test(`the vendor's clients reach every operation of every product (${EVERY_PAIR ? 'each client, each operation' : 'taking turns'})`, async () => {
  await using gateway = await startGatewayUnderTest();
  const answered = new Map<string, number>();
  for (const [i, action] of ACTIONS.entries()) {
    const apiVersion = productVersions[operationSpecs[action].product];
    const clients = vendorClients({ ...gateway, apiVersion });
    const turn = clients[i % clients.length];
    for (const client of EVERY_PAIR ? clients : turn ? [turn] : []) {
      const params = sampleParams(action, { InstanceId: gateway.instanceId }, true);
      const code = await client.call(wireAction(action), params).then(
        () => 'success',
        (error: { code?: string }) => error.code ?? String(error),
      );
      // Whatever the operation does with the sample, the call was understood, verified and allowed.
      assert.doesNotMatch(
        code,
        /Signature|Missing|InvalidVersion|InvalidAction|NoPrivilege|\bTypeError/,
        `${client.name} ${action}`,
      );
      // And a refusal has one of the codes that the explorer lists.
      const told = operations.find(({ name }) => name === action)?.errors ?? [];
      // One client adds Error after each code.
      // Some append the parameter's name to a code that is listed without it.
      const named = /^InvalidParameter\.(\w+?)(?:Error)?$/.exec(code)?.[1];
      const isTold = told.some((one) => code === one || code === `${one}Error`);
      const known = code === 'success' || isTold || (named !== undefined && named in operationSpecs[action].parameters);
      assert.ok(known, `${action} answered ${code}, not one of ${told.join(' ')}`);
      answered.set(client.name, (answered.get(client.name) ?? 0) + 1);
    }
  }
  assert.equal(answered.size, 9);
  assert.deepEqual(gateway.faults, []);
});
