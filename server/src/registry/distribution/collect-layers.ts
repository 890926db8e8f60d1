import { createInterface } from 'node:readline';
import { startProgram } from '@slipway/program';

/** A run of distribution's own collection. */
export interface LayerCollection {
  /** Digests of blobs that no manifest of any repository refers to. */
  unused: string[];
}

const LAST_LINES = 20;
const ENVIRONMENT = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' };

/**
 * Lets distribution find the blobs that no manifest refers to, and remove them unless it is a `trial`. Never with
 * `--delete-untagged`, which would also remove the images of an index and everything else without a tag of
 * distribution's own. Throws an Error with the last lines that it printed.
 */
export async function collectLayers(configFile: string, trial: boolean): Promise<LayerCollection> {
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
  if (code !== 0) throw new Error(`collect unused layers: it ended with code ${code}: ${lastLines.join('\n')}`);
  return { unused };
}
