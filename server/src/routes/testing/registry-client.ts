import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import type { PushingBuild } from '#image/image.ts';
import { digestOf } from '#registry/contents/push-manifest.ts';
import { BUILD_CREDENTIAL_USER, mintBuildCredential } from '#registry/tokens/build-credential.ts';
import { type RegistryUnderTest, ROOT_PASSWORD, ROOT_USER } from './registry.ts';

/** A manifest as it was pushed. */
export interface PushedImage {
  digest: string;
  bytes: Buffer;
  mediaType: string;
  /** Configuration and layers. */
  blobBytes: number;
}

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';
const LAYER = 'application/vnd.oci.image.layer.v1.tar';

/** A client of one repository of a registry under test that sends exactly what it is told. */
export class RegistryClient {
  readonly #url: string;
  readonly #repository: string;
  readonly #token: string;

  static async open(registry: RegistryUnderTest, repository: string, actions = ['pull', 'push', 'delete']) {
    const token = await registry.fetchToken(ROOT_USER, ROOT_PASSWORD, [
      `repository:${repository}:${actions.join(',')}`,
    ]);
    return new RegistryClient(registry.url, repository, token);
  }

  /** The same at distribution itself: what versions before our tables pushed. */
  static async openBehind(registry: RegistryUnderTest, repository: string) {
    const scope = `repository:${repository}:pull,push`;
    return new RegistryClient(
      registry.distributionUrl,
      repository,
      await registry.fetchToken(ROOT_USER, ROOT_PASSWORD, [scope]),
    );
  }

  /** A build that pushes. */
  static async openForBuild(registry: RegistryUnderTest, repository: string, build: PushingBuild) {
    const may = { repository, actions: ['pull' as const, 'push' as const], build };
    const password = await mintBuildCredential(registry.key, may, Date.now());
    const scope = `repository:${repository}:pull,push`;
    return new RegistryClient(
      registry.url,
      repository,
      await registry.fetchToken(BUILD_CREDENTIAL_USER, password, [scope]),
    );
  }

  private constructor(url: string, repository: string, token: string) {
    this.#url = url;
    this.#repository = repository;
    this.#token = token;
  }

  request(method: string, path: string, headers: Record<string, string> = {}, body?: Buffer): Promise<Response> {
    const authorization = `Bearer ${this.#token}`;
    return fetch(new URL(path, `${this.#url}/v2/${this.#repository}/`), {
      method,
      headers: { authorization, ...headers },
      ...(body === undefined ? {} : { body: new Uint8Array(body) }),
    });
  }

  /** Sends a path unchanged; `fetch` would normalize it. */
  requestPath(method: string, path: string, image: PushedImage): Promise<{ status: number | undefined }> {
    const headers = { authorization: `Bearer ${this.#token}`, 'content-type': image.mediaType };
    const url = new URL(this.#url);
    return new Promise((resolve, reject) => {
      const { hostname, port } = url;
      const sent = httpRequest(
        { hostname, port, method, path: `/v2/${this.#repository}/${path}`, headers },
        (answer) => {
          answer.resume();
          resolve({ status: answer.statusCode });
        },
      );
      sent.on('error', reject).end(image.bytes);
    });
  }

  /** Pushes an image of one layer with this text, under a tag or by its digest. */
  async push(tag: string | undefined, text: string): Promise<PushedImage> {
    const layer = Buffer.from(text);
    const config = Buffer.from(JSON.stringify({ architecture: 'amd64', os: 'linux', text }));
    for (const blob of [layer, config]) await this.upload(blob);
    const manifest = {
      schemaVersion: 2,
      mediaType: MANIFEST,
      config: descriptor(config, 'application/vnd.oci.image.config.v1+json'),
      layers: [descriptor(layer, LAYER)],
    };
    return this.#pushed(tag, manifest, MANIFEST, layer.length + config.length);
  }

  pushIndex(tag: string | undefined, images: readonly PushedImage[]): Promise<PushedImage> {
    const manifests = images.map(({ bytes, mediaType }) => descriptor(bytes, mediaType));
    return this.#pushed(tag, { schemaVersion: 2, mediaType: INDEX, manifests }, INDEX, 0);
  }

  /** Pushes a referrer of a manifest, by its digest. */
  async pushReferrer(subject: string, artifactType: string, annotations?: object): Promise<PushedImage> {
    const empty = Buffer.from('{}');
    await this.upload(empty);
    const config = descriptor(empty, 'application/vnd.oci.empty.v1+json');
    const of = { mediaType: MANIFEST, digest: subject, size: 2 };
    const layers = [descriptor(empty, 'application/vnd.oci.empty.v1+json')];
    const manifest = { schemaVersion: 2, mediaType: MANIFEST, artifactType, config, layers, subject: of, annotations };
    return this.#pushed(undefined, manifest, MANIFEST, empty.length);
  }

  async putManifest(reference: string, image: Pick<PushedImage, 'bytes' | 'mediaType'>): Promise<void> {
    const answer = await this.tryPut(reference, image);
    assert.equal(answer.status, 201, await answer.text());
  }

  tryPut(reference: string, { bytes, mediaType }: Pick<PushedImage, 'bytes' | 'mediaType'>): Promise<Response> {
    return this.request('PUT', `manifests/${reference}`, { 'content-type': mediaType }, bytes);
  }

  async pull(reference: string): Promise<{ digest: string | null; bytes: Buffer }> {
    const answer = await this.request('GET', `manifests/${reference}`);
    const bytes = Buffer.from(await answer.arrayBuffer());
    assert.equal(answer.status, 200, bytes.toString());
    return { digest: answer.headers.get('docker-content-digest'), bytes };
  }

  /** Pulls a manifest by its digest, and everything that it refers to. */
  async pullWhole({ digest, bytes }: PushedImage): Promise<void> {
    assert.deepEqual((await this.pull(digest)).bytes, bytes);
    const { config, layers = [], manifests = [] } = JSON.parse(bytes.toString());
    for (const blob of config === undefined ? [] : [config, ...layers]) {
      const answer = await this.request('GET', `blobs/${blob.digest}`);
      assert.equal(answer.status, 200, blob.digest);
      assert.equal(digestOf(Buffer.from(await answer.arrayBuffer())), blob.digest);
    }
    for (const child of manifests) assert.equal((await this.pull(child.digest)).digest, child.digest);
  }

  async delete(reference: string): Promise<void> {
    const answer = await this.request('DELETE', `manifests/${reference}`);
    assert.equal(answer.status, 202, await answer.text());
  }

  async upload(blob: Buffer): Promise<void> {
    const started = await this.request('POST', 'blobs/uploads/');
    assert.equal(started.status, 202, await started.text());
    const location = new URL(started.headers.get('location') ?? '', this.#url);
    location.searchParams.set('digest', digestOf(blob));
    const headers = { 'content-type': 'application/octet-stream' };
    const ended = await this.request('PUT', location.href, headers, blob);
    assert.equal(ended.status, 201, await ended.text());
  }

  async #pushed(tag: string | undefined, manifest: object, mediaType: string, blobBytes: number): Promise<PushedImage> {
    const bytes = Buffer.from(JSON.stringify(manifest));
    const digest = digestOf(bytes);
    await this.putManifest(tag ?? digest, { bytes, mediaType });
    return { digest, bytes, mediaType, blobBytes };
  }
}

function descriptor(bytes: Buffer, mediaType: string) {
  return { mediaType, digest: digestOf(bytes), size: bytes.length };
}
