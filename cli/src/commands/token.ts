import { callNative } from '@slipway/client/call-native.ts';
import type { Command } from 'commander';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { type CommandOptions, type Shown, serverCommand } from '../frame/server-command.ts';
import type { Server } from '../server/find-server.ts';

const OPTIONS = [
  ['--list', 'list the tokens that are valid'],
  ['--revoke <id>', 'revoke a token by its TokenId'],
] as const;

/** `slipway token`: a bearer token for one hour, alone on standard output. */
export function registerToken(program: Command): void {
  const what = 'make a bearer token that has your rights for one hour';
  serverCommand(program, 'token', what, OPTIONS, (server, _, options) => act(server, options)).hook(
    'preAction',
    (_, command) => {
      const { list, revoke } = command.opts();
      if (list === true && revoke !== undefined)
        throw new CliError(EXIT_CODES.usage, 'use either --list or --revoke, not both');
    },
  );
}

async function act({ client }: Server, { list, revoke }: CommandOptions): Promise<Shown> {
  if (revoke !== undefined) {
    const tokenId = String(revoke);
    await callNative(client, 'deleteToken', { tokenId });
    return { data: { TokenId: tokenId }, lines: [], notes: [`revoked the token ${tokenId}`] };
  }
  if (list === true) {
    const { Tokens } = await callNative(client, 'listTokens', {});
    const lines = Tokens.map(({ TokenId, AccessKeyId, ExpireTime }) => {
      return `${TokenId}  until ${new Date(ExpireTime).toISOString()}  of ${AccessKeyId}`;
    });
    return { data: Tokens, lines, notes: Tokens.length === 0 ? ['no tokens are valid'] : [] };
  }
  const data = await callNative(client, 'createToken', {});
  const { Token, TokenId, ExpireTime } = data;
  const until = new Date(ExpireTime).toISOString();
  const note = `${TokenId}, valid until ${until}; revoke it with: slipway token --revoke ${TokenId}`;
  return { data, lines: [Token], notes: [note] };
}
