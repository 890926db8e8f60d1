import type { ERROR_CODES } from '../../server/src/rpc/errors/error-codes.ts';

/** Makes `docs/errors.md`: one row for each code, in the order of the table. */
export function errorsPage(codes: typeof ERROR_CODES): string {
  const rows = Object.entries(codes).map(
    ([code, { status, message, cause, fix }]) => `| \`${code}\` | ${status} | ${message} | ${cause} | ${fix} |\n`,
  );
  return `# Errors

Every error body has the fields \`RequestId\`, \`HostId\`, \`Code\`, \`Message\` and \`Recommend\`, in JSON or XML, the same as the reply.
\`RequestId\` is also in the header \`x-acs-request-id\` and in the server's log. Codes are part of the API and are never renamed.
\`npm run gen\` makes this page from \`server/src/rpc/errors/error-codes.ts\`; \`…\` is a name or value.

| Code | Status | Message | Cause | Fix |
|---|---|---|---|---|
${rows.join('')}`;
}
