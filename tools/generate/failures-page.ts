import { commandOf, FAILURES, FAULT_SENTENCES } from '../../server/src/build/failure/failure-kind.ts';
import type { FixRow } from '../../server/src/build/failure/failure-row.ts';

/** Makes `docs/failures.md`: one row for each way in which a build can fail, grouped by whose fault it is. */
export function failuresPage(): string {
  const groups = Object.entries(FAULT_SENTENCES).map(([fault, sentence]) => {
    const rows = Object.entries(FAILURES).filter(([, row]) => row.fault === fault);
    const lines = rows.map(
      ([kind, { cause, fixes }]) => `| \`${kind}\` | ${cause} | ${fixes.map(fixText).join(' ')} |\n`,
    );
    return `## \`${fault}\`\n\n${sentence}\n\n| kind | what happened | what to do |\n|---|---|---|\n${lines.join('')}`;
  });
  return `# Why builds fail

A failed build has a card: \`slipway why BUILD\`, the top of the build's page in the console, the tool \`failure_card\` of \`slipway mcp\`, and
\`/builds/ID/card\` of the native API. It names the way in which the build failed, whose fault that is, the line of the log that tells
the cause, and what to do. A card comes from what the server knows: exit codes, limits, refused connections, and the replies of Git
and registries. What a step prints cannot change it. Only the line of a step that failed is chosen from its output: the first one
that looks like an error.

\`npm run gen\` makes the tables below from \`server/src/build/failure/\`. Words in capitals in a command are for you to replace; a card
fills in those that it knows.

${groups.join('\n')}`;
}

function fixText(fix: FixRow): string {
  const { text, setting } = fix;
  const shown = commandOf(fix)?.replace(/\{([a-z]+)\}/g, (_, name: string) => name.toUpperCase());
  const commandText = shown === undefined ? '' : ` \`${shown}\``;
  const settingText = setting === undefined ? '' : ` Setting [\`${setting}\`](settings.md).`;
  return `${text}${commandText}${settingText}`;
}
