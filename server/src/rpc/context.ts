import type { Logbook } from '@slipway/logbook';
import type { Kysely } from 'kysely';
import type { IpRange } from '#address/ip-range.ts';
import type { Tables } from '#db/schema/schema.ts';
import type { Principal } from '#ram/principal.ts';

/** What every operation may use. Created once, in `server.ts`. */
export interface Means {
  readonly db: Kysely<Tables>;
  readonly logbook: Logbook;
  readonly accountId: string;
  readonly regionId: string;
  /** The id of this server's data folder, with which the owners of its builds begin. */
  readonly nodeId: string;
  /** Milliseconds since 1970. */
  now(): number;
  /** A new id in the vendor's format: `prefix-` and 16 random lower-case letters and digits; see `new-id.ts`. */
  newId(prefix: string): string;
  /** A new UUID in lower case. */
  newBuildRecordId(): string;
  /** Encrypts secrets at rest. */
  readonly secrets: SecretBox;
  /** `host` or `host:port` at which clients reach the registry. */
  readonly publicHost: string;
  /** The limits of an instance. */
  readonly quotas: Quotas;
  /** Private networks that the operator names. */
  readonly networks: readonly Network[];
  /** Other instances that images may be copied to. */
  readonly syncTargets: readonly SyncTarget[];
  /** Other registries, whose images may be mirrored. */
  readonly providers: readonly Provider[];
  /** The certificates of customized domains. */
  readonly certificates: Certificates;
  /** Whether a namespace is deleted with its repositories, as the vendor does it. */
  readonly deleteNamespaceContents: boolean;
  /** By whose clock lifecycle rules run. */
  readonly timeZone: string;
  /** Removes objects of the blob store that no row names any more. */
  removeObjects(keys: readonly string[]): Promise<void>;
  /** Whether another scanner than the built-in one looks for vulnerabilities. */
  readonly hasOtherScanner: boolean;
  /** To whom rules may send mail; undefined if the server sends none. */
  readonly mail: MailLimits | undefined;
  /** Whether the server runs builds, and so accepts them. */
  readonly takesBuilds: boolean;
  /** Wakes the runner after a build was queued. */
  buildQueued(): void;
  /** Tells the queue of jobs that some were added, or are to be cancelled. After the commit. */
  jobsChanged(): void;
  /** Writes a decision about work that runs later into the record of calls. */
  noteDecision(decision: NotedDecision): void;
}

/** A decision that no request waits for: about a build, a rule or a task. With the fields of the record of calls. */
export interface NotedDecision {
  readonly timeMs: number;
  /** The id of the build, rule or task, because there is no request. */
  readonly requestId: string;
  readonly callerArn: string;
  readonly accessKeyId: string;
  readonly action: string;
  readonly resource: string;
  readonly sourceIp: string | undefined;
  readonly denied: boolean;
}

/** A private network: who comes from it, and at which of our addresses. */
export interface Network {
  readonly vpcId: string;
  readonly vswitchId: string;
  readonly clients: IpRange;
  readonly address: string;
}

/** To whom mail may be sent. */
export interface MailLimits {
  /** Domains, each with everything below it; any if there is none. */
  readonly domains: readonly string[];
}

/** Another instance, which the operator names. */
export interface SyncTarget {
  readonly instanceId: string;
  readonly regionId: string;
  /** Undefined if nobody said to whom it belongs. */
  readonly accountId?: string | undefined;
}

/** Another registry, by the name that subscription rules use. */
export interface Provider {
  readonly name: string;
  /** As images name it: `docker.io`, `registry.example:5000`. */
  readonly host: string;
}

/** The certificates that the operator provides for customized domains. */
export interface Certificates {
  /** Why a domain cannot be served with the certificate of a name; undefined if it can. */
  mistakeOf(certId: string, domain: string): CertificateMistake | undefined;
  /** Serves the customized domains as they are stored now. After the commit. */
  domainsChanged(): Promise<void>;
}

/** There is no such certificate, or it cannot be used for the domain: the reason is for the caller. */
export type CertificateMistake = { kind: 'missing' } | { kind: 'unusable'; reason: string };

/** The maximum number of each that an instance may have. An instance that already has more keeps them. */
export interface Quotas {
  readonly namespaces: number;
  readonly repositories: number;
  readonly chartNamespaces: number;
  readonly chartRepositories: number;
}

/**
 * Encrypts secrets with the server's key. A sealed text opens only with the id of the record it was sealed for, so that someone
 * who can write to the database cannot swap secrets. `open` throws on anything else.
 */
export interface SecretBox {
  seal(recordId: string, secret: string): string;
  open(recordId: string, sealed: string): string;
  /**
   * The HMAC-SHA-256 of a text as 64 hex digits, with a separate key for each purpose. Someone who gets a text with its MAC cannot
   * change it or use it for another purpose.
   */
  mac(purpose: string, text: string): string;
  /** Whether this is the MAC of a text. The time it takes does not reveal how much of it is correct. */
  isMac(purpose: string, text: string, mac: string): boolean;
}

/** The means, with the caller and the request. */
export interface Context extends Means {
  /** Upper-case UUID, also in the reply and in the server log. */
  readonly requestId: string;
  readonly principal: Principal;
}
