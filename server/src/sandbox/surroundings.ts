import { writeFileSync } from 'node:fs';

/** What the steps of a build see though no image keeps it: the operator's, not the Dockerfile's. */
export type Surroundings = {
  /** Of each RUN; the names that end in `_proxy` are the builder's own too, for ADD of an address. */
  environment?: Record<string, string>;
  /** Certificates in PEM that RUN and ADD believe, instead of those of image and builder. */
  authorities?: string;
};

// Below /dev, which is the step's own memory: a mount anywhere else would leave an empty file in the image.
const place = '/dev/slipway-authorities.pem';

// OpenSSL, Go, Python and Rust; curl and git of other TLS libraries; Python's requests and pip; Node.js.
const believers = [
  'SSL_CERT_FILE',
  'CURL_CA_BUNDLE',
  'GIT_SSL_CAINFO',
  'REQUESTS_CA_BUNDLE',
  'PIP_CERT',
  'NODE_EXTRA_CA_CERTS',
];

/**
 * Writes what the box reads of them into its `in` folder; gives the box's own environment and the builder's arguments. The
 * environment of steps is set by crun1.sh: the builder would write what it is told of one into the image.
 */
export function writeSurroundings(folder: string, given: Surroundings): { box: string[]; args: string[] } {
  const steps = { ...given.environment };
  if (given.authorities !== undefined) {
    writeFileSync(`${folder}/authorities.pem`, given.authorities, { mode: 0o644 });
    for (const name of believers) steps[name] ??= place;
  }
  const entries = Object.entries(steps).map(([name, value]) => `${JSON.stringify(`${name}=${value}`)},`);
  if (entries.length > 0) writeFileSync(`${folder}/environment.sed`, insertAtEnv(entries.join('')), { mode: 0o644 });
  const proxies = Object.entries(given.environment ?? {}).filter(([name]) => /_proxy$/i.test(name));
  return {
    box: [
      ...proxies.map(([name, value]) => `${name}=${value}`),
      ...(given.authorities === undefined ? [] : ['SSL_CERT_FILE=/in/authorities.pem']),
    ],
    args: given.authorities === undefined ? [] : ['--volume', `/in/authorities.pem:${place}:ro`],
  };
}

/** In runc's configuration, before what image and Dockerfile set: of two values the later one counts. */
function insertAtEnv(json: string): string {
  return `s#"env":\\[#&${json.replace(/[\\&#]/g, '\\$&')}#\n`;
}
