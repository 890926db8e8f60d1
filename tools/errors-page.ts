import type { errorCodes } from '../server/src/rpc/error-codes.ts';

/** `docs/errors.md`: one row for each code, in the order of the table. */
export function errorsPage(codes: typeof errorCodes): string {
  const rows = Object.entries(codes).map(
    ([code, { status, message, cause, mend }]) => `| \`${code}\` | ${status} | ${message} | ${cause} | ${mend} |\n`,
  );
  return `# Errors

Every error body has the fields \`RequestId\`, \`HostId\`, \`Code\`, \`Message\` and \`Recommend\`, in JSON or XML like the reply would have been.
\`RequestId\` also stands in the header \`x-acs-request-id\` and in the server log. Codes are part of the API and are never renamed.
This page is made from \`server/src/rpc/error-codes.ts\` by \`node tools/generate.ts\`; \`…\` stands for what the message names.

| Code | Status | Message | Cause | Mend |
|---|---|---|---|---|
${rows.join('')}`;
}
