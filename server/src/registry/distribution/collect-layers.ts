import { createInterface } from 'node:readline';
import { startProgram } from '@slipway/program';
import { type ChildStorage, LINK_ATTEMPTS } from './child-storage.ts';
import type { LayerCollector, UnusedBlob } from './image-storage.ts';

const LAST_LINES = 20;
/** What it prints about a link that is empty: a push is writing it, or a crash left it so. */
const LINK_UNREAD = 'invalid checksum digest format';
const ENVIRONMENT = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' };

/** Distribution's own collection, which finds the blobs that no manifest of any repository refers to. */
export function folderCollector(
  configFile: string,
  storage: Pick<ChildStorage, 'completeManifests' | 'blobBytes'>,
): LayerCollector {
  return {
    async find() {
      const unused: UnusedBlob[] = [];
      for (const digest of await collectLayers(configFile, storage, true))
        unused.push({ digest, sizeBytes: await storage.blobBytes(digest) });
      return unused;
    },
    remove: () => collectLayers(configFile, storage, false),
  };
}

/**
 * Lets distribution find the blobs that no manifest refers to, and remove them unless it is a `trial`. Never with
 * `--delete-untagged`, which would also remove the images of an index and everything else without a tag of
 * distribution's own. Throws an Error with the last lines that it printed.
 */
async function collectLayers(
  configFile: string,
  links: Pick<ChildStorage, 'completeManifests'>,
  trial: boolean,
): Promise<string[]> {
  for (let attempt = 1; ; attempt += 1) {
    const { code, unused, lastLines } = await runCollection(configFile, trial);
    if (code === 0) return unused;
    const text = lastLines.join('\n');
    if (!text.includes(LINK_UNREAD) || attempt === LINK_ATTEMPTS)
      throw new Error(`collect unused layers: it ended with code ${code}: ${text}`);
    await links.completeManifests();
  }
}

async function runCollection(configFile: string, trial: boolean) {
  const args = ['garbage-collect', ...(trial ? ['--dry-run'] : []), configFile];
  const program = await startProgram({ command: 'docker-registry', args, environment: ENVIRONMENT });
  const unused: string[] = [];
  const lastLines: string[] = [];
  const read = (line: string) => {
    const digest = /^blob eligible for deletion: (sha256:[0-9a-f]{64})$/.exec(line)?.[1];
    if (digest !== undefined) unused.push(digest);
    lastLines.push(line.slice(0, 500));
    if (lastLines.length > LAST_LINES) lastLines.shift();
  };
  for (const stream of [program.stdout, program.stderr]) createInterface({ input: stream }).on('line', read);
  const code = await program.closed;
  return { code, unused, lastLines };
}
