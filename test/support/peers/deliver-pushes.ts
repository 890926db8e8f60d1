import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** How a bare repository delivers its pushes. */
export interface PushDelivery {
  /** The folder of the bare repository. */
  repository: string;
  /** The file with the certificate of the server. */
  certificate: string;
  /** What `slipway source hook` printed, somewhere in a file. */
  output: string;
  /** Where the host of the address is, as `HOST:PORT:IP` for curl; undefined if its name is known. */
  resolve?: string;
}

/** The code host sends a push event, in the form of GitLab, to the address that `slipway source hook` printed. */
export function deliverPushes({ repository, certificate, output, resolve }: PushDelivery): void {
  const resolved = resolve === undefined ? '' : `--resolve '${resolve}' `;
  const hook = `#!/bin/sh
url=$(sed -n 's/^Url  *//p' '${output}' | tail -n 1)
secret=$(sed -n 's/^Secret  *//p' '${output}' | tail -n 1)
[ -n "$url" ] || exit 0
read -r before after ref
printf '{"object_kind":"push","ref":"%s","before":"%s","after":"%s","project":{"path_with_namespace":"team/app"}}' \\
  "$ref" "$before" "$after" |
  curl --silent --cacert '${certificate}' ${resolved}--header "X-Gitlab-Token: $secret" \\
    --header 'X-Gitlab-Event: Push Hook' --header 'Content-Type: application/json' --data-binary @- "$url"
`;
  writeFileSync(join(repository, 'hooks/post-receive'), hook, { mode: 0o755 });
}
