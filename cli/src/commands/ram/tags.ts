import type { Client } from '@slipway/client/client.ts';
import type { Command } from 'commander';
import { CliError, EXIT_CODES } from '../../error/cli-error.ts';
import { accountCommand, columns } from '../../frame/account-command.ts';
import type { CommandOptions } from '../../frame/server-command.ts';
import { parseNameValue } from '../../input/name-value.ts';

const ON = [
  ['--user <name>', 'tags of this user'],
  ['--role <name>', 'tags of this role'],
  ['--policy <name>', 'tags of this policy'],
] as const;
const KINDS = ['user', 'role', 'policy'] as const;

interface ListedTag {
  TagKey: string;
  TagValue: string;
}

/** `slipway ram tag …`: tags of users, roles and policies. */
export function registerTags(ram: Command): void {
  const tag = ram.command('tag').description('tags of users, roles and policies');
  accountCommand(
    tag,
    'set <name=value...>',
    'set tags of a user, role or policy',
    ON,
    async (client, args, options) => {
      const { on, product, named } = taggedOf(options);
      const reply = await client.callAny(`${product}.TagResources`, { ...named, Tag: args.map(parseTag) });
      return { data: reply, lines: [], notes: [`${on} has ${args.join(', ')}`] };
    },
  );
  accountCommand(tag, 'list', 'list the tags of a user, role or policy', ON, async (client, _, options) => {
    const tags = await everyTag(client, options);
    return { data: tags, lines: columns(tags.map(({ TagKey, TagValue }) => [TagKey, TagValue])) };
  });
  accountCommand(
    tag,
    'remove <name...>',
    'remove tags of a user, role or policy',
    ON,
    async (client, args, options) => {
      const { on, product, named } = taggedOf(options);
      const keys = product === 'ims' ? { TagKey: args } : { TagKeys: args };
      const reply = await client.callAny(`${product}.UntagResources`, { ...named, ...keys });
      return { data: reply, lines: [], notes: [`${on} has no ${args.join(', ')}`] };
    },
  );
}

/** Users are tagged through product ims, roles and policies through product ram, each with names of its own. */
function taggedOf(options: CommandOptions): { on: string; product: 'ims' | 'ram'; named: Record<string, unknown> } {
  const given = KINDS.filter((kind) => typeof options[kind] === 'string');
  const [kind, ...others] = given;
  if (kind === undefined || others.length > 0) {
    throw new CliError(EXIT_CODES.usage, 'name one of --user, --role and --policy');
  }
  const on = `the ${kind} ${options[kind]}`;
  if (kind === 'user') {
    return { on, product: 'ims', named: { ResourceType: kind, ResourcePrincipalName: [options[kind]] } };
  }
  return { on, product: 'ram', named: { ResourceType: kind, ResourceNames: [options[kind]] } };
}

async function everyTag(client: Client, options: CommandOptions): Promise<ListedTag[]> {
  const { product, named } = taggedOf(options);
  const all: ListedTag[] = [];
  for (let NextToken: unknown; ; ) {
    const reply = await client.callAny(`${product}.ListTagResources`, { ...named, NextToken });
    const listed = reply.TagResources as ListedTag[] | { TagResource: ListedTag[] };
    all.push(...(Array.isArray(listed) ? listed : listed.TagResource));
    NextToken = reply.NextToken;
    if (!NextToken) return all;
  }
}

function parseTag(text: string): { Key: string; Value: string } {
  const [Key, Value] = parseNameValue(text);
  return { Key, Value };
}
