import { callNative } from '@slipway/client/call-native.ts';
import type { Command } from 'commander';
import { CliError, EXIT_CODES } from '../cli-error.ts';
import type { Server } from '../find-server.ts';
import { onServer, type ServerOptions, withServer } from '../on-server.ts';
import { Output } from '../output.ts';
import { say } from '../say.ts';

interface TokenOptions extends ServerOptions {
  list: boolean;
  revoke?: string;
}

/** `slipway token`: a bearer token for one hour, alone on standard output. */
export function registerToken(program: Command): void {
  withServer(
    program
      .command('token')
      .description('make a bearer token that has your rights for one hour')
      .option('--list', 'list the tokens that are valid', false)
      .option('--revoke <id>', 'revoke a token by its TokenId'),
  ).action(async (options: TokenOptions) => {
    if (options.list && options.revoke !== undefined) {
      throw new CliError(EXIT_CODES.usage, 'use either --list or --revoke, not both');
    }
    await onServer(options, async (server) => {
      await act(server, options);
    });
  });
}

async function act({ client }: Server, options: TokenOptions): Promise<void> {
  const output = new Output();
  if (options.revoke !== undefined) {
    await callNative(client, 'deleteToken', { tokenId: options.revoke });
    return;
  }
  if (options.list) {
    const { Tokens } = await callNative(client, 'listTokens', {});
    for (const { TokenId, AccessKeyId, ExpireTime } of Tokens) {
      await output.write(`${TokenId}  until ${new Date(ExpireTime).toISOString()}  of ${AccessKeyId}\n`);
    }
    return;
  }
  const { Token, TokenId, ExpireTime } = await callNative(client, 'createToken', {});
  await output.write(`${Token}\n`);
  const until = new Date(ExpireTime).toISOString();
  say(`${TokenId}, valid until ${until}; revoke it with: slipway token --revoke ${TokenId}`);
}
