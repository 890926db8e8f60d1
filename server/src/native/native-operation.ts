import type { RegexProgram } from '@slipway/logbook/search';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { LastBackup } from '#backup/last-backup.ts';
import type { BlobStore } from '#blob/blob.ts';
import type { BuildLimits } from '#build/queue/wait-reason.ts';
import type { HookOptions } from '#build/rules/take-hook-event.ts';
import type { TaggedImage } from '#image/image.ts';
import type { Followers } from '#log/followers.ts';
import type { LogStreams } from '#log/log-streams.ts';
import type { Finding, Machine } from '#machine/machine.ts';
import type { Principal } from '#ram/principal.ts';
import type { ImageCheck } from '#registry/contents/check-images.ts';
import type { Garbage } from '#registry/contents/garbage.ts';
import type { Means } from '#rpc/context.ts';
import type { NativeName, NativeOperations } from '#rpc/native-types.gen.ts';
import type { ShownSetting } from '#settings/shown-settings.ts';
import type { RemoteRefs } from '#source/remote-refs.ts';
import type { CodeRepoType, SourceBinding } from '#source/source.ts';
import type { Space } from '#space/space.ts';
import type { CallGate, GateCaller } from './call-gate.ts';
import type { NativeCallers } from './caller.ts';
import type { SentQuota } from './sent-quota.ts';
import type { SignInGate } from './sign-in-gate.ts';

/** What an operation of the native API may use, in addition to what every operation may use. */
export interface NativeMeans extends Means, NativeCallers {
  readonly instanceId: string;
  readonly followers: Followers;
  readonly streams: LogStreams;
  /** Sent folders: where they are kept, the size limit of one, the limit of all folders of one sender, and of changes at once. */
  readonly sources: {
    readonly blobs: BlobStore;
    readonly limitBytes: number;
    readonly quota: SentQuota;
    readonly changes: CallGate;
  };
  /** Removes images and layers that nothing uses; `keepMs` is how long the settings keep images without a tag. */
  readonly garbage: Pick<Garbage, 'collect' | 'state'> & { readonly keepMs: number };
  /** The disk of the data folder. */
  readonly space: Pick<Space, 'disk' | 'parts' | 'stored' | 'reclaim'>;
  /** What the settings say about events of code hosts. */
  readonly hookOptions: HookOptions;
  /** Asks a source for its branches and tags. Throws 429 or 503 if this caller asks too many, or too many wait. */
  remoteRefs(binding: SourceBinding, caller: GateCaller): Promise<RemoteRefs>;
  /** Every setting as it is, without secrets. */
  readonly settings: readonly ShownSetting[];
  /** Whether somebody paused the server (`slipway pause`). */
  isPaused(): boolean;
  /** Why no build starts for now; undefined if they start. */
  waitReason(): Promise<string | undefined>;
  /** How many builds may run at once. */
  readonly buildLimits: BuildLimits;
  /** Where each kind of code host is if it was not set. */
  readonly codeHostUrls: Readonly<Record<CodeRepoType, string>>;
  /** The last backup of the data folder; undefined if `slipway backup` has made none. */
  lastBackup(): LastBackup | undefined;
  /** The machine, and what may become a problem. */
  lookAtMachine(): Promise<{ machine: Machine; findings: readonly Finding[] }>;
  /** The platforms of images of a repository, by digest. */
  platformsOf(repoId: string, images: readonly TaggedImage[]): Promise<ReadonlyMap<string, readonly string[]>>;
  /** Compares the table of images with the registry's storage. */
  checkImages(): Promise<ImageCheck>;
  /** The layer caches of repositories on this machine, by an id that begins with the repository's. */
  readonly layerStores: {
    listStores(): Promise<{ id: string; sizeBytes: number; usedMs: number; isInUse: boolean }[]>;
    /** Returns whether it is gone: one that a build is using stays. */
    removeStore(id: string): Promise<boolean>;
  };
  /** The path of the program for regular expressions. */
  readonly regexProgram: RegexProgram;
  readonly searches: CallGate;
  readonly signIns: SignInGate;
  /** Advisories are marked as old from this age on. */
  readonly scanDatabaseKeepMs: number;
  readonly version: string;
  /** How clients and code hosts reach this port. */
  readonly publicUrl: string;
  /** The URL if it was set, else undefined. */
  readonly givenPublicUrl: string | undefined;
}

/** The means, the caller and the request. */
export interface NativeContext extends NativeMeans {
  /** Upper-case UUID, also in the reply and in the server log. */
  readonly requestId: string;
  /** Undefined if the operation may be called without a signature. */
  readonly principal: Principal;
  /** For a list over repositories, the ids of those that it may include; undefined for all. */
  readonly repoIds: readonly string[] | undefined;
  /**
   * Checks a further action that is among the operation's `mayNeed`, on a path below the account. Throws `NoPrivilege`
   * unless the caller may.
   */
  readonly allow: (action: string, path: string) => void;
}

/** The request and its reply, for operations that read headers or write something other than JSON. */
export interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** The caller's parameters: placeholders of the path, the query and the fields of the body, checked and typed. */
export type NativeParams<Name extends NativeName> = NativeOperations[Name]['params'];
/** The operation's reply, without the RequestId. */
export type NativeReply<Name extends NativeName> = NativeOperations[Name]['reply'];

/** The default export of an `operations/<name>.ts`. */
export interface NativeOperation<Name extends NativeName = NativeName> {
  readonly name: Name;
  /** Runs once the caller is known and allowed. An operation whose reply is not JSON sends it itself. */
  run(context: NativeContext, params: NativeParams<Name>, exchange: Exchange): Promise<NativeReply<Name> | undefined>;
}

/**
 * An operation as the native gateway calls it, which knows only at run time which one it is. Its parameters were read by the
 * operation's data, so they have its types.
 */
export interface ServedOperation {
  readonly name: NativeName;
  run(
    context: NativeContext,
    params: Readonly<Record<string, unknown>>,
    exchange: Exchange,
  ): Promise<object | undefined>;
}

/** Declares an operation; its name selects the types of parameters and reply from the data. */
export function nativeOperation<Name extends NativeName>(
  name: Name,
  run: NativeOperation<Name>['run'],
): NativeOperation<Name> {
  return { name, run };
}
