import { writeFileSync } from 'node:fs';
import type { Surroundings } from '../protocol/surroundings.ts';

/** The path in a box of the network namespace for steps without network. */
export const NO_NETWORK_PLACE = '/run/no-network';

// Below /dev, which is the step's own memory: a mount anywhere else would leave an empty file in the image.
const PLACE = '/dev/slipway-authorities.pem';

// OpenSSL, Go, Python and Rust; curl and git of other TLS libraries; Python's requests and pip; Node.js.
const BELIEVERS = [
  'SSL_CERT_FILE',
  'CURL_CA_BUNDLE',
  'GIT_SSL_CAINFO',
  'REQUESTS_CA_BUNDLE',
  'PIP_CERT',
  'NODE_EXTRA_CA_CERTS',
];

/**
 * Writes the files for the box's `in` folder and returns the box's own environment. What only steps need goes into the
 * configuration of their containers (step-runtime.sh): the builder would write such values into the image if it knew
 * them.
 */
export function writeSurroundings(folder: string, given: Surroundings): string[] {
  const steps = { ...given.environment };
  const changes = [withoutControlGroup, WITHOUT_NETWORK];
  if (given.authorities !== undefined) {
    writeFileSync(`${folder}/authorities.pem`, given.authorities, { mode: 0o644 });
    for (const name of BELIEVERS) steps[name] ??= PLACE;
    changes.push(WITH_AUTHORITIES);
  }
  const entries = Object.entries(steps).map(([name, value]) => `${JSON.stringify(`${name}=${value}`)},`);
  if (entries.length > 0) changes.push(withEnvironment(entries.join('')));
  writeFileSync(`${folder}/step.sed`, changes.join(''), { mode: 0o644 });
  const proxies = Object.entries(given.environment ?? {}).filter(([name]) => /_proxy$/i.test(name));
  return [
    ...proxies.map(([name, value]) => `${name}=${value}`),
    ...(given.authorities === undefined ? [] : ['SSL_CERT_FILE=/in/authorities.pem']),
  ];
}

// Changes to a container's configuration in the runtime's format. A quote in a tenant's text is preceded by a backslash
// there, so none of these patterns matches inside such a text.

/** The box has the limits, and the view of them; a box may not mount a sysfs. */
const withoutControlGroup = [
  's#"cgroupsPath":"[^"]*",\\{0,1\\}##\n',
  's#"type":"sysfs","source":"sysfs"#"type":"tmpfs","source":"tmpfs"#\n',
].join('');

/** A step without network joins a namespace that boxinit.sh made: a new one could not have a loopback. */
const WITHOUT_NETWORK = `s#{"type":"network"}#{"type":"network","path":"${NO_NETWORK_PLACE}"}#\n`;

const AUTHORITIES = `{"destination":"${PLACE}","type":"bind","source":"/in/authorities.pem","options":["bind","ro"]}`;
/** After /dev itself. */
const WITH_AUTHORITIES = `s#{"destination":"/dev","type":"tmpfs"[^}]*}#&,${AUTHORITIES}#\n`;

/** Before the values of image and Dockerfile: the last of two values wins. */
function withEnvironment(json: string): string {
  return `s#"env":\\[#&${json.replace(/[\\&#]/g, '\\$&')}#\n`;
}
