import { callerPath } from '@slipway/client/caller-name.ts';
import type { Command } from 'commander';
import { columns } from '../frame/account-command.ts';
import { serverCommand } from '../frame/server-command.ts';

/** `slipway whoami`: whose key commands use, and at which server. */
export function registerWhoami(program: Command): void {
  const what = 'show who you are to the server, and which server commands use';
  serverCommand(program, 'whoami', what, [], async ({ client, endpoint, instanceId, accessKeyId }) => {
    const { Arn = '', AccountId } = await client.call('GetCallerIdentity', {});
    const data = { Arn, AccountId, AccessKeyId: accessKeyId, Endpoint: endpoint, InstanceId: instanceId };
    const lines = columns([
      ['you', callerPath(Arn)],
      ['account', AccountId],
      ['key', accessKeyId],
      ['server', endpoint],
      ['instance', instanceId],
    ]);
    return { data, lines };
  });
}
