import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type RegistryUnderTest, ROOT_PASSWORD, ROOT_USER, startRegistryUnderTest } from '#routes/testing/registry.ts';
import { RegistryClient } from '#routes/testing/registry-client.ts';
import { digestOf } from '../contents/push-manifest.ts';
import { copyImage } from './copy-image.ts';
import { plannedDigests } from './copy-plan.ts';
import { copyReferrers } from './copy-referrers.ts';
import { foreignTarget } from './foreign-copy.ts';
import { ownSource } from './own-copy.ts';

let registry: RegistryUnderTest;
before(async () => {
  registry = await startRegistryUnderTest();
});
after(() => registry[Symbol.asyncDispose]());

const { signal } = new AbortController();

/** Repositories to copy from and to, as to another registry. */
function endsOf(name: string) {
  const source = ownSource(registry.images, { namespaceName: 'team', name });
  const login = { user: ROOT_USER, password: ROOT_PASSWORD };
  const access = { login, tlsVerify: false, authorities: undefined, pin: async () => ({ address: '127.0.0.1' }) };
  return { source, target: foreignTarget({ host: new URL(registry.url).host, repository: `up/${name}`, access }) };
}

test('signatures, SBOMs and their own signatures follow an image, also those of images in a list, and later ones alone', async () => {
  const from = await RegistryClient.open(registry, 'team/signed');
  const to = await RegistryClient.open(registry, 'up/signed');
  const [one, two] = [await from.push(undefined, 'amd64'), await from.push(undefined, 'arm64')];
  const list = await from.pushIndex('v1', [one, two]);
  const signature = await from.pushReferrer(list.digest, 'application/vnd.signature');
  const sbom = await from.pushReferrer(two.digest, 'application/vnd.sbom');
  const ofSbom = await from.pushReferrer(sbom.digest, 'application/vnd.signature');
  const cosign = `${list.digest.replace(':', '-')}.sig`;
  const signed = await from.push(cosign, 'a signature of cosign');
  await from.pushReferrer(one.digest, 'application/vnd.sbom');

  const { source, target } = endsOf('signed');
  const follow = async (overrides: boolean) => {
    const digests = await plannedDigests(source, 'v1', signal);
    return copyReferrers({ source, target }, digests, { overrides, signal });
  };
  await copyImage({ source, target }, { reference: 'v1', tag: 'v1' }, { signal });
  assert.ok((await follow(true)) > 0);
  for (const each of [list, signature, sbom, ofSbom, signed]) await to.pullWhole(each);
  assert.equal((await to.pull(cosign)).digest, signed.digest);
  const referrers = async (digest: string) => {
    const answer = await to.request('GET', `referrers/${digest}`);
    return ((await answer.json()) as { manifests: { digest: string }[] }).manifests.map((each) => each.digest);
  };
  assert.deepEqual(await referrers(list.digest), [signature.digest]);
  assert.deepEqual(await referrers(two.digest), [sbom.digest]);
  assert.equal((await referrers(one.digest)).length, 1);
  assert.equal(await follow(true), 0, 'what is there is not sent again');

  const later = await from.pushReferrer(list.digest, 'application/vnd.attestation');
  const resigned = await from.push(cosign, 'two signatures of cosign');
  await follow(false);
  assert.deepEqual(await referrers(list.digest), [signature.digest, later.digest].sort());
  assert.equal((await to.pull(cosign)).digest, signed.digest, 'a tag that is there stays without Override');
  await follow(true);
  assert.equal((await to.pull(cosign)).digest, resigned.digest);
});

test('with an image that a chain let out go signatures and documents, and nothing that could be run', async () => {
  const from = await RegistryClient.open(registry, 'team/gated');
  const to = await RegistryClient.open(registry, 'up/gated');
  const image = await from.push('v1', 'scanned');
  const name = image.digest.replace(':', '-');
  const said = await from.pushReferrer(image.digest, 'application/vnd.signature');
  const hidden = await from.push(`${name}.sig`, 'an image that nobody scanned');
  const about = { mediaType: image.mediaType, digest: image.digest, size: image.bytes.length };
  const manifest = { ...JSON.parse(image.bytes.toString()), artifactType: 'application/vnd.signature', subject: about };
  const bytes = Buffer.from(JSON.stringify(manifest));
  const disguised = digestOf(bytes);
  await from.putManifest(disguised, { bytes, mediaType: image.mediaType });
  const listed = await from.pushIndex(name, [hidden]);
  const { source, target } = endsOf('gated');
  await copyImage({ source, target }, { reference: 'v1', tag: 'v1' }, { signal });
  await copyReferrers({ source, target }, [image.digest], { overrides: true, leavesImages: true, signal });
  await to.pullWhole(said);
  for (const each of [hidden.digest, disguised, listed.digest, `${name}.sig`, name])
    assert.equal((await to.request('HEAD', `manifests/${each}`)).status, 404, each);
});

test('images that are left out take no place of a signature, however many there are', async () => {
  const from = await RegistryClient.open(registry, 'team/crowded');
  const to = await RegistryClient.open(registry, 'up/crowded');
  const image = await from.push('v1', 'scanned');
  const about = { mediaType: image.mediaType, digest: image.digest, size: image.bytes.length };
  const said = await from.pushReferrer(image.digest, 'application/vnd.signature');
  for (let at = 0, before = 0; before < 101; at += 1) {
    const manifest = { ...JSON.parse(image.bytes.toString()), annotations: { at: String(at) }, subject: about };
    const bytes = Buffer.from(JSON.stringify(manifest));
    const digest = digestOf(bytes);
    if (digest > said.digest) continue;
    await from.putManifest(digest, { bytes, mediaType: image.mediaType });
    before += 1;
  }
  const { source, target } = endsOf('crowded');
  await copyImage({ source, target }, { reference: 'v1', tag: 'v1' }, { signal });
  await copyReferrers({ source, target }, [image.digest], { overrides: true, leavesImages: true, signal });
  await to.pullWhole(said);
});
