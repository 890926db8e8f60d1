import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { Database } from '#db/database.ts';
import { type CustomizedDomain, PROXY_CERTIFICATE } from '#endpoint/customized-domain.ts';
import { listCustomizedDomains } from '#endpoint/customized-domain-store.ts';
import type { Port } from '#port/port.ts';
import type { CertificateMistake, Certificates } from '#rpc/context.ts';
import type { Config } from '#settings/config.ts';
import { readTlsFiles, type TlsPair } from './tls-files.ts';

/** What serving customized domains works with. */
interface DomainCertificateMeans {
  /** The operator's folder: `NAME.crt` and `NAME.key`. */
  folder: string | undefined;
  /** Whether the port ends TLS itself, and whether a trusted proxy in front may do so. */
  ends: { port: boolean; proxy: boolean };
  now(): number;
  listDomains(): Promise<readonly CustomizedDomain[]>;
  /** Uses these certificates for new connections to these names. */
  serve(contexts: ReadonlyMap<string, SecureContext>): void;
  report(message: string, error: unknown): void;
}

/** The certificates of a server, which its port serves from now on. */
export async function openDomainCertificates(
  config: Pick<Config, 'domain-certificates' | 'tls-cert' | 'trusted-proxies'>,
  { db, port, now, report }: { db: Database; port: Port } & Pick<DomainCertificateMeans, 'now' | 'report'>,
): Promise<DomainCertificates> {
  const certificates = new DomainCertificates({
    folder: config['domain-certificates'],
    ends: { port: config['tls-cert'] !== undefined, proxy: config['trusted-proxies'].length > 0 },
    listDomains: () => listCustomizedDomains(db),
    serve: (domains) => port.serveDomains(domains),
    now,
    report,
  });
  await certificates.domainsChanged();
  return certificates;
}

/** Renewed files are in use after this time. */
const LOAD_EVERY_MS = 60_000;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** The certificates of customized domains, which the operator keeps in a folder, and the domains that are served. */
class DomainCertificates implements Certificates {
  readonly #means: DomainCertificateMeans;
  readonly #timer: NodeJS.Timeout;
  #served = new Map<string, SecureContext | undefined>();
  readonly #faults = new Map<string, string>();
  #loading = Promise.resolve();

  constructor(means: DomainCertificateMeans) {
    this.#means = means;
    this.#timer = setInterval(() => {
      this.domainsChanged().catch((error: unknown) => means.report('customized domains could not be loaded', error));
    }, LOAD_EVERY_MS).unref();
  }

  mistakeOf(certId: string, domain: string): CertificateMistake | undefined {
    const { ends, folder } = this.#means;
    if (certId === PROXY_CERTIFICATE)
      return ends.proxy
        ? undefined
        : unusable('the certificate proxy is for a proxy that terminates TLS; set trusted-proxies to its addresses.');
    if (!ends.port)
      return unusable('this server does not end TLS: set tls-cert and tls-key, or use proxy behind a proxy that does.');
    if (folder === undefined || !NAME.test(certId)) return { kind: 'missing' };
    try {
      const mistake = this.#mistakeIn(readTlsFiles(this.#filesOf(folder, certId)), domain);
      return mistake === undefined ? undefined : unusable(mistake);
    } catch (error) {
      const { code } = ((error as Error).cause ?? {}) as NodeJS.ErrnoException;
      if (code === 'ENOENT') return { kind: 'missing' };
      return unusable(`the operator’s files ${certId}.crt and ${certId}.key cannot be used together.`);
    }
  }

  /** Serves the domains as they are stored, with the files as they are now. What cannot be read is reported, and stays as it was. */
  domainsChanged(): Promise<void> {
    const loaded = this.#loading.then(() => this.#load());
    this.#loading = loaded.catch(() => undefined);
    return loaded;
  }

  /** Whether clients may call the server by this host, which may have a port. */
  knows(host: string): boolean {
    return this.#served.has(host.replace(/:\d{1,5}$/, '').toLowerCase());
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#loading;
  }

  async #load(): Promise<void> {
    const { folder, ends, listDomains, serve } = this.#means;
    const served = new Map<string, SecureContext | undefined>();
    for (const { domain, certId } of await listDomains()) {
      const isOurs = certId !== PROXY_CERTIFICATE && ends.port;
      served.set(domain, isOurs ? (this.#read(folder, certId, domain) ?? this.#served.get(domain)) : undefined);
    }
    this.#served = served;
    serve(new Map([...served].flatMap(([domain, context]) => (context === undefined ? [] : [[domain, context]]))));
  }

  #read(folder: string | undefined, certId: string, domain: string): SecureContext | undefined {
    try {
      if (folder === undefined)
        throw new Error(`the setting domain-certificates is absent, so ${domain} has no certificate`);
      const pair = readTlsFiles(this.#filesOf(folder, certId));
      const mistake = this.#mistakeIn(pair, domain);
      if (mistake !== undefined) throw new Error(`the certificate ${certId} of ${domain} cannot be used: ${mistake}`);
      this.#faults.delete(domain);
      return createSecureContext(pair);
    } catch (error) {
      const { message } = error as Error;
      // Once, and not every minute.
      if (this.#faults.get(domain) !== message)
        this.#means.report('the certificate of a customized domain stays as it was', error);
      this.#faults.set(domain, message);
      return undefined;
    }
  }

  #filesOf(folder: string, certId: string): { cert: string; key: string } {
    return { cert: join(folder, `${certId}.crt`), key: join(folder, `${certId}.key`) };
  }

  #mistakeIn(pair: TlsPair, domain: string): string | undefined {
    const certificate = new X509Certificate(pair.cert);
    const nowMs = this.#means.now();
    if (Date.parse(certificate.validTo) <= nowMs) return `it expired on ${certificate.validTo}.`;
    if (Date.parse(certificate.validFrom) > nowMs) return `it is not valid before ${certificate.validFrom}.`;
    return certificate.checkHost(domain) === undefined ? `it does not cover ${domain}.` : undefined;
  }
}

function unusable(reason: string): CertificateMistake {
  return { kind: 'unusable', reason };
}
