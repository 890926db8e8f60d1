import { join } from 'node:path';
import type { Plugin } from 'vite';
import { makeSite } from './site.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const TEMPLATE = 'docs.html';

/** Makes the documentation out of the checkout's Markdown, with `docs.html` as the frame of each page. */
export function docsPages(): Plugin {
  return {
    name: 'slipway-docs',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const template = bundle[TEMPLATE];
        if (template?.type !== 'asset') throw new Error(`Vite made no ${TEMPLATE}`);
        const { files } = makeSite(ROOT, String(template.source));
        delete bundle[TEMPLATE];
        for (const [fileName, source] of files) this.emitFile({ type: 'asset', fileName, source });
      },
    },
  };
}
