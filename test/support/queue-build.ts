import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { packFolder } from '../../cli/src/source/testing/pack-folder.ts';
import type { BuildKey } from './log-reader.ts';
import { native, type Scope, type TestServer, temporaryFolder } from './slipway.ts';

/** Makes a folder with these files. */
export function folderOf(t: Scope, files: Record<string, string>): string {
  const folder = temporaryFolder(t);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** Sends files and queues a build of them with these options, like the command line; does not wait for it. */
export async function queueBuild(
  t: Scope,
  server: TestServer,
  files: Record<string, string>,
  image = 'local/test:latest',
  options: object = {},
): Promise<BuildKey> {
  const archive = join(temporaryFolder(t), 'source.tar');
  await packFolder(folderOf(t, files), 'Dockerfile', archive);
  return queueArchiveBuild(server, await readFile(archive), image, options);
}

/** Sends a tar file and queues a build of it with these options; does not wait for it. */
export async function queueArchiveBuild(
  server: TestServer,
  archive: Buffer,
  image = 'local/test:latest',
  options: object = {},
): Promise<BuildKey> {
  const repository = image.replace(/:.*/, '');
  const sent = await server.client.fetch(`/api/v1/sources?${new URLSearchParams({ repository })}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-tar' },
    body: new Uint8Array(archive),
    contentSha256: createHash('sha256').update(archive).digest('hex'),
  });
  if (!sent.ok) throw new Error(`${sent.status} ${await sent.text()}`);
  const { ArchiveId } = (await sent.json()) as { ArchiveId: string };
  const source = { ArchiveId, Name: 'test' };
  const { InstanceId, RepoId, BuildRecordId } = await native(server.client, '/api/v1/builds', {
    Image: image,
    Source: source,
    ...options,
  });
  return { InstanceId: String(InstanceId), RepoId: String(RepoId), BuildRecordId: String(BuildRecordId) };
}

/** Queues a build of a Git address; does not wait for it. */
export async function queueGitBuild(server: TestServer, url: string): Promise<BuildKey> {
  const body = { Image: 'local/cloned:latest', Source: { GitUrl: url } };
  const { InstanceId, RepoId, BuildRecordId } = await native(server.client, '/api/v1/builds', body);
  return { InstanceId: String(InstanceId), RepoId: String(RepoId), BuildRecordId: String(BuildRecordId) };
}
