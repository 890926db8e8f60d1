import { BUILD_OPTIONS } from '#build/build-options.ts';
import { CODE_REPO_TYPES } from '#source/source.ts';
import type { Schema } from './openapi-schemas.ts';

/** How schemas are put together. */
interface Make {
  reply: (fields: Readonly<Record<string, Schema>>) => Schema;
  list: (items: Schema) => Schema;
  object: (fields: Readonly<Record<string, Schema>>) => Schema;
  line: Schema;
}

const string: Schema = { type: 'string' };
const integer: Schema = { type: 'integer' };
const boolean: Schema = { type: 'boolean' };
const uuid: Schema = { type: 'string', format: 'uuid' };
export const codeRepoType: Schema = { type: 'string', enum: CODE_REPO_TYPES };

/** What a build tells of its source, bases and place in the queue. */
export function buildFacts(list: Make['list'], object: Make['object']): Record<string, Schema> {
  return {
    'CommitAuthor?': string,
    'CommitMessage?': { type: 'string', description: 'The first line of the commit’s message.' },
    'BaseImages?': list(object({ Name: string, Digest: string })),
    'BuildRuleId?': string,
    'Requesters?': list(
      object({
        Part: {
          enum: ['call', 'rule', 'source', 'record'],
          description: 'The caller; who made or last changed rule and source; who asked for the build that it repeats.',
        },
        'Arn?': string,
      }),
    ),
    Source: object({
      Kind: { type: 'string', enum: ['git', 'code-host', 'archive'] },
      'Name?': string,
      'Url?': string,
      'Ref?': string,
    }),
    Options: object(optionFields()),
    Attempt: { type: 'integer', minimum: 0, description: 'How often it was begun: 0 waits still.' },
    'SupersededBy?': {
      type: 'string',
      format: 'uuid',
      description:
        'The newer build for which this one was cancelled or, if this one succeeded, that had its tag before it.',
    },
  };
}

/** What `POST /builds` takes. */
export function buildRequestFields(list: Make['list'], object: Make['object']): Record<string, Schema> {
  return {
    Image: { type: 'string', description: 'NAMESPACE/NAME:TAG' },
    Source: object({
      'ArchiveId?': { type: 'string', format: 'uuid', description: 'A folder, as POST /sources took it.' },
      'Name?': { type: 'string', description: 'What the log calls the folder.' },
      'GitUrl?': string,
      'Ref?': { type: 'string', description: 'A branch, a tag, a commit’s whole id; HEAD when absent.' },
    }),
    'Dockerfile?': { type: 'string', description: 'Its path inside the source.' },
    'BuildArgs?': list({ type: 'string', description: 'NAME=VALUE' }),
    ...optionFields(),
  };
}

function optionFields(): Record<string, Schema> {
  return Object.fromEntries(Object.values(BUILD_OPTIONS).map(({ field, schema }) => [`${field}?`, schema]));
}

/** The schemas of code hosts, hooks and the diff. */
export function buildPlaneSchemas({ reply, list, object, line }: Make): Record<string, Schema> {
  const codeHost = {
    CodeRepoType: codeRepoType,
    BaseUrl: string,
    'User?': string,
    HasToken: boolean,
    'SshKey?': { type: 'string', description: 'The fingerprint of the key that clones over SSH.' },
    'HostKeys?': list(object({ Type: string, Fingerprint: string })),
    AllowPrivate: boolean,
    CreateTime: integer,
    ModifiedTime: integer,
  };
  const buildSecret = {
    Name: string,
    'Repository?': { type: 'string', description: 'Absent where it is for all repositories of the instance.' },
    CreateTime: integer,
    ModifiedTime: integer,
  };
  const side = object({
    'BuildStage?': string,
    'Step?': integer,
    'Instruction?': string,
    'ExitCode?': integer,
    Lines: list(line),
  });
  return {
    CodeHostList: reply({ Sources: list(object(codeHost)) }),
    CodeHostReply: reply(codeHost),
    NewCodeHost: object({
      BaseUrl: string,
      'User?': string,
      'Token?': string,
      'SshKey?': { type: 'string', description: 'A private key in OpenSSH’s format, for an ssh:// base URL.' },
      'KnownHosts?': { type: 'string', description: 'A known hosts file with the host’s keys: goes with SshKey.' },
      'AllowPrivate?': boolean,
    }),
    BuildSecretList: reply({ Secrets: list(object(buildSecret)) }),
    BuildSecretReply: reply(buildSecret),
    NewBuildSecret: object({
      Value: { type: 'string', description: '6 characters to 16 KiB; it never comes out again.' },
    }),
    NewHook: reply({
      Url: string,
      Secret: { type: 'string', description: 'Shown this once.' },
      'AutoBuild?': { type: 'boolean', description: 'Whether pushes build at all; absent without a source.' },
    }),
    Diff: reply({
      BuildRecordId: uuid,
      Status: string,
      WithBuildRecordId: uuid,
      WithStatus: string,
      'CommitId?': string,
      'WithCommitId?': string,
      BaseImages: list(object({ Name: string, 'Digest?': string, 'WithDigest?': string })),
      'First?': object({ Kind: { type: 'string', enum: ['lines', 'exit-code', 'step'] }, Build: side, With: side }),
      ComparedLines: integer,
      Complete: boolean,
    }),
  };
}
