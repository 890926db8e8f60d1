import { writeFileSync } from 'node:fs';
import type { Surroundings } from '../protocol/surroundings.ts';

/** Where a box has the network namespace of its steps without network. */
export const noNetworkPlace = '/run/no-network';

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
 * Writes what the box reads of them into its `in` folder; gives the box's own environment. What is a step's is put into the
 * configuration of its container (step-runtime.sh): the builder would write what it is told of one into the image.
 */
export function writeSurroundings(folder: string, given: Surroundings): string[] {
  const steps = { ...given.environment };
  const changes = [withoutControlGroup, withoutNetwork];
  if (given.authorities !== undefined) {
    writeFileSync(`${folder}/authorities.pem`, given.authorities, { mode: 0o644 });
    for (const name of believers) steps[name] ??= place;
    changes.push(withAuthorities);
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

// Changes of a container's configuration, as the runtime gets it. A quote in a tenant's text has a backslash before it there,
// so none of these matches inside such a text.

/** The limits are the box's own, and so is the view of them; a sysfs may not be mounted in a box. */
const withoutControlGroup = [
  's#"cgroupsPath":"[^"]*",\\{0,1\\}##\n',
  's#"type":"sysfs","source":"sysfs"#"type":"tmpfs","source":"tmpfs"#\n',
].join('');

/** A step without network joins a namespace that boxinit.sh made: with a new one it could not have a loopback. */
const withoutNetwork = `s#{"type":"network"}#{"type":"network","path":"${noNetworkPlace}"}#\n`;

const authorities = `{"destination":"${place}","type":"bind","source":"/in/authorities.pem","options":["bind","ro"]}`;
/** After /dev itself. */
const withAuthorities = `s#{"destination":"/dev","type":"tmpfs"[^}]*}#&,${authorities}#\n`;

/** Before what image and Dockerfile set: of two values the later one counts. */
function withEnvironment(json: string): string {
  return `s#"env":\\[#&${json.replace(/[\\&#]/g, '\\$&')}#\n`;
}
