import { callNative } from '@slipway/client/call-native.ts';
import { logFlags } from './log-flags.ts';
import { lineOf } from './log-tools.ts';
import { buildIdOf, type Tool } from './tool.ts';

/** The first difference between two builds. */
export const diffLogs: Tool = {
  name: 'diff_logs',
  description:
    'Where one build first differs from another: the step, and the lines of both from there; times, durations and hashes are ignored.',
  inputSchema: {
    type: 'object',
    properties: {
      build_id: { type: 'string', description: 'BuildRecordId of the build in question' },
      other_build_id: {
        type: 'string',
        description: 'BuildRecordId of the build to compare with, for example a successful one',
      },
    },
    required: ['build_id', 'other_build_id'],
  },
  async run(client, args) {
    const id = buildIdOf(args);
    const other = buildIdOf(args, 'other_build_id');
    const { First, Complete, BaseImages } = await callNative(client, 'diffBuilds', { id, with: other });
    const flags = await logFlags(client, id, !Complete);
    const bases = BaseImages.length === 0 ? {} : { base_images: BaseImages };
    if (First === undefined) return { ...flags, ...bases, same: Complete };
    return {
      ...flags,
      ...bases,
      same: false,
      differs_by: First.Kind,
      lines: First.Build.Lines.map(lineOf),
      other_lines: First.With.Lines.map(lineOf),
    };
  },
};
