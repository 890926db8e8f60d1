import { Readable } from 'node:stream';
import { askAboutLinked, askChild, type ChildAddress, unexpected } from './child-registry.ts';

/** The layers of distribution as this server itself asks for them. Each call throws an Error for an unexpected answer. */
export interface ChildBlobs {
  has(repository: string, digest: string, signal: AbortSignal): Promise<boolean>;
  /** The bytes of a layer; undefined if it is not there. */
  read(repository: string, digest: string, signal: AbortSignal): Promise<Readable | undefined>;
  /** Lets a repository use the layer of another without a copy. False if the other does not have it. */
  mount(repository: string, digest: string, from: string, signal: AbortSignal): Promise<boolean>;
  /** Stores a layer; its bytes must be those of its digest. */
  write(repository: string, digest: string, body: Readable, signal: AbortSignal): Promise<void>;
}

export function childBlobs(registry: ChildAddress): ChildBlobs {
  const push = (name: string) => ({ name, actions: ['pull' as const, 'push' as const] });
  const begin = async (repository: string, query: string, from: string | undefined, signal: AbortSignal) => {
    const rights = [push(repository), ...(from === undefined ? [] : [{ name: from, actions: ['pull' as const] }])];
    const answer = await askChild(registry, rights, `/v2/${repository}/blobs/uploads/${query}`, {
      method: 'POST',
      signal,
    });
    await answer.arrayBuffer();
    const location = answer.headers.get('location');
    if ((answer.status !== 201 && answer.status !== 202) || location === null)
      throw unexpected(answer, `begin an upload to ${repository}`);
    // It names the host under which clients know it.
    const { pathname, search } = new URL(location, registry.url());
    return { isMounted: answer.status === 201, place: `${pathname}${search}` };
  };
  const askFor = (method: 'GET' | 'HEAD', repository: string, digest: string, signal: AbortSignal) => {
    const rights = [{ name: repository, actions: ['pull' as const] }];
    return askAboutLinked(registry, { repository, digests: [digest] }, () =>
      askChild(registry, rights, `/v2/${repository}/blobs/${digest}`, { method, signal }),
    );
  };
  return {
    async has(repository, digest, signal) {
      const answer = await askFor('HEAD', repository, digest, signal);
      if (answer.ok) return true;
      if (answer.status === 404) return false;
      throw unexpected(answer, `look for ${repository}@${digest}`);
    },
    async read(repository, digest, signal) {
      const answer = await askFor('GET', repository, digest, signal);
      if (answer.ok && answer.body !== null) return Readable.fromWeb(answer.body);
      await answer.arrayBuffer();
      if (answer.status === 404) return undefined;
      throw unexpected(answer, `read ${repository}@${digest}`);
    },
    async mount(repository, digest, from, signal) {
      const { isMounted, place } = await begin(repository, `?mount=${digest}&from=${from}`, from, signal);
      if (isMounted) return true;
      // It began an upload instead, which nobody wants.
      await (await askChild(registry, [push(repository)], place, { method: 'DELETE', signal })).arrayBuffer();
      return false;
    },
    async write(repository, digest, body, signal) {
      const { place } = await begin(repository, '', undefined, signal);
      const path = `${place}${place.includes('?') ? '&' : '?'}digest=${digest}`;
      const answer = await askChild(registry, [push(repository)], path, {
        method: 'PUT',
        headers: { 'content-type': 'application/octet-stream' },
        body: Readable.toWeb(body) as ReadableStream<Uint8Array>,
        duplex: 'half',
        signal,
      });
      await answer.arrayBuffer();
      if (answer.status !== 201) throw unexpected(answer, `store ${repository}@${digest}`);
    },
  };
}
