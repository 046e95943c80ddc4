import type { PersistedMetadata, PersistedSnapshot, SnapshotEnvelope } from "@statesync/protocol";

/** A value, or a promise of it. What works synchronously stays so: a page that goes away waits for nothing (PRS-36). */
export type MaybePromise<T> = T | PromiseLike<T>;

/** What a backend gives where nothing is stored. */
export type Nothing = null | undefined;

/**
 * Whether a stored record may go; `"damaged"` says that it may, and that it is of no use to this program but perhaps to a
 * person: it is set aside under another key first, in the same transaction and as far as the backend can (PRS-69).
 */
export type Verdict = boolean | "damaged";

/**
 * Judges what is stored right before it is replaced or removed (PRS-32).
 *
 * @param stored - The stored record as it is, decodable or not; nothing where nothing is stored.
 */
export type Judge = (stored: unknown) => Verdict;

/**
 * Where one record is kept. A backend that has these three only gets the whole record all the same: as the `data` of
 * an envelope with the record's revision and epoch, and gives it back as it got it.
 */
export interface StorageBackend<D = unknown> {
  /** Puts a snapshot in the place of the stored one; done once the store has accepted it as a whole (PRS-40). */
  save(snapshot: SnapshotEnvelope<D>): MaybePromise<void>;
  /** The stored snapshot; nothing, and no error, where there is none (PRS-42). */
  load(): MaybePromise<SnapshotEnvelope<D> | Nothing>;
  /** Removes what is stored and what was set aside, if the judge lets it go. Only backends that say `conditional` look at the judge. */
  clear?(judge?: Judge): MaybePromise<void>;
}

/** A backend that knows records. All backends of this package are. */
export interface StorageBackendWithMetadata<D = unknown> extends StorageBackend<D> {
  /**
   * Puts a record in the place of the stored one, whole, if the judge lets that one go; otherwise it leaves the stored
   * one as it is and succeeds.
   */
  saveWithMetadata(
    snapshot: SnapshotEnvelope<D>,
    metadata: PersistedMetadata,
    judge?: Judge,
  ): MaybePromise<void>;
  /** The stored record as it is; the caller checks it. Nothing where nothing is stored. */
  loadWithMetadata(): MaybePromise<PersistedSnapshot<D> | Nothing>;
  /**
   * Says that `saveWithMetadata` and `clear` ask their judge in one transaction with the change (PRS-32). Without it the
   * stored record is loaded and judged before.
   */
  readonly conditional?: boolean;
  /** What is stored. */
  getUsage?(): MaybePromise<StorageUsage>;
}

/** The size of a store. */
export interface StorageUsage {
  /** What is in use, in bytes. */
  used: number;
  /** What may be used, in bytes, where the platform tells. */
  quota?: number;
  /** `used` as a part of `quota`, from 0 to 100. */
  percentage?: number;
}

/** Any backend. */
export type AnyStorageBackend<D = unknown> = StorageBackend<D> | StorageBackendWithMetadata<D>;
