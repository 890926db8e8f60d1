import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { assertNothingLeft } from '../lost-build.ts';
import type { Scope } from '../slipway.ts';
import { REPOSITORY, type World } from './world.ts';

const LOOK_EVERY_MS = 100;
const run = promisify(execFile);

/**
 * Checks that all logs come to the store, that each is there as it was shown, and that each build has its one effect in the registry; then all of it
 * again after a start.
 */
export async function assertEffects(scope: Scope, world: World): Promise<void> {
  while (logsHere(world) > 0) await world.pause(LOOK_EVERY_MS);
  const first = await effectsOf(world);
  await assertImages(world, first);
  await world.restart();
  assert.deepEqual(await effectsOf(world), first);
  const next = await world.queue(scope, 'next', 'FROM busybox\nRUN echo still here\n');
  while (next.status !== 'SUCCESS') {
    assert.notEqual(next.status, 'FAILED');
    await world.pause(LOOK_EVERY_MS);
  }
  for (const { key } of world.shown.all) await assertNothingLeft(world.server, key);
}

/** How many logs are not in the store. */
function logsHere({ server }: World): number {
  const folder = join(server.dataFolder, 'logs');
  return readdirSync(folder).reduce((sum, name) => sum + readdirSync(join(folder, name)).length, 0);
}

/** What a build has changed besides its log. */
interface Effect {
  id: string;
  tag: string;
  status: string;
  digest: string | null;
  digests: string[];
  events: string[];
  pushes: string[];
}

const EFFECTS = `select build_record_id id, image_tag tag, status, image_digest digest,
  array(select digest from tag where name = image_tag and tag.repo_id = build_record.repo_id) digests,
  array(select kind from event where body::json ->> 'tag' = image_tag or body::json ->> 'buildRecordId' = build_record_id order by kind) events,
  array(select push_id from manifest_push where tag = image_tag) pushes
  from build_record order by sequence`;

/** Reads every log whole, and returns the effects of all builds, which must be those of their status. */
async function effectsOf(world: World): Promise<Effect[]> {
  for (const build of world.shown.all)
    while (!(await world.shown.look(world.server.client, build, 0))) await world.pause(LOOK_EVERY_MS);
  const effects = await world.query<Effect>(EFFECTS);
  assert.equal(effects.length, world.shown.all.length, 'there is a build for each that was queued, and no other');
  const expected = effects.map((effect) =>
    effect.status === 'SUCCESS'
      ? { ...effect, digests: [effect.digest], events: ['build_finished', 'tag_set'], pushes: [] }
      : { ...effect, status: 'FAILED', digest: null, digests: [], events: ['build_finished'], pushes: [] },
  );
  assert.deepEqual(effects, expected);
  return effects;
}

/** The registry has the image of each build that succeeded, and no other. */
async function assertImages({ server }: World, effects: readonly Effect[]): Promise<void> {
  const { AccessKeyId, AccessKeySecret, Endpoint } = server.root;
  const repository = `docker://${new URL(Endpoint).host}/${REPOSITORY}`;
  const skopeo = async (command: string, place: string) => {
    const login = ['--tls-verify=false', '--creds', `${AccessKeyId}:${AccessKeySecret}`];
    return JSON.parse((await run('skopeo', [command, ...login, place])).stdout);
  };
  const pushed = effects.filter(({ status }) => status === 'SUCCESS');
  const { Tags } = (await skopeo('list-tags', repository)) as { Tags: string[] };
  assert.deepEqual(Tags.toSorted(), pushed.map(({ tag }) => tag).toSorted());
  for (const { tag, digest } of pushed) {
    const { Digest } = (await skopeo('inspect', `${repository}:${tag}`)) as { Digest: string };
    assert.equal(Digest, digest, tag);
  }
}
