import type { Command } from 'commander';
import { accountCommand, columns } from '../../frame/account-command.ts';

/** `slipway ram key …` */
export function registerKeys(ram: Command): void {
  const key = ram.command('key').description('access keys of users; each user may have two');
  accountCommand(key, 'create <user>', 'create a key pair; the secret is shown only once', [], async (client, args) => {
    const { AccessKey } = await client.call('CreateAccessKey', { UserName: args[0] ?? '' });
    const lines = [
      `SLIPWAY_ACCESS_KEY_ID=${AccessKey?.AccessKeyId}`,
      `SLIPWAY_ACCESS_KEY_SECRET=${AccessKey?.AccessKeySecret}`,
    ];
    return { data: AccessKey, lines };
  });
  accountCommand(key, 'list <user>', 'list the keys of a user', [], async (client, [UserName = '']) => {
    const { AccessKeys } = await client.call('ListAccessKeys', { UserName });
    const rows = await Promise.all(
      (AccessKeys?.AccessKey ?? []).map(async (one) => {
        const named = { UserName, UserAccessKeyId: one.AccessKeyId ?? '' };
        const { AccessKeyLastUsed } = await client.call('GetAccessKeyLastUsed', named);
        return { ...one, LastUsedDate: AccessKeyLastUsed?.LastUsedDate };
      }),
    );
    const lines = columns(
      rows.map((row) => [row.AccessKeyId, row.Status, row.CreateDate, row.LastUsedDate ?? 'never used']),
    );
    return { data: rows, lines };
  });
  for (const [verb, Status] of [
    ['enable', 'Active'],
    ['disable', 'Inactive'],
  ] as const) {
    accountCommand(key, `${verb} <user> <id>`, `${verb} a key`, [], async (client, [UserName = '', id = '']) => {
      const reply = await client.call('UpdateAccessKey', { UserName, UserAccessKeyId: id, Status });
      return { data: reply, lines: [], notes: [`the key ${id} is ${Status}`] };
    });
  }
  accountCommand(key, 'delete <user> <id>', 'delete a key', [], async (client, [UserName = '', id = '']) => {
    const reply = await client.call('DeleteAccessKey', { UserName, UserAccessKeyId: id });
    return { data: reply, lines: [], notes: [`deleted the key ${id}`] };
  });
}
