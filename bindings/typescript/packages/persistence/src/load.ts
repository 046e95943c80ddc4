import type { Clock } from "@statesync/core";
import { isPersistedSnapshot, type PersistedSnapshot, type SnapshotEnvelope } from "@statesync/protocol";
import { canonicalForm } from "./canonical.js";
import type { CompressionAdapter } from "./compression/port.js";
import { PersistenceError, type PersistenceErrorKind } from "./error.js";
import type { Emit } from "./events.js";
import { hashText, type Sha256 } from "./hash.js";
import { type MigrationHandler, runMigration } from "./migration.js";
import type { AnyStorageBackend, MaybePromise } from "./port.js";
import { isExpired } from "./record.js";
import { loadRecord, run } from "./run.js";

/** What a load goes by (chapter 7, "Loading"). */
export interface LoadParts {
  readonly storage: AnyStorageBackend;
  readonly schemaVersion: number;
  readonly loadTimeoutMs: number;
  readonly compression?: CompressionAdapter | null | undefined;
  readonly sha256?: Sha256 | null | undefined;
  readonly migration?: MigrationHandler<never> | null | undefined;
  readonly validators: readonly (((data: never) => unknown) | null | undefined)[];
  readonly ignoreTTL?: boolean | null | undefined;
  readonly verifyHash?: boolean | null | undefined;
  readonly clock: Clock;
  readonly wallClock: () => number;
  readonly report: (error: PersistenceError) => void;
  readonly emit: Emit;
  /** Offers what came out; `fromVersion` is there where it was migrated. */
  readonly offer: (snapshot: SnapshotEnvelope, stored: PersistedSnapshot) => Promise<boolean>;
  /** A stored record has turned out to be of no use. */
  readonly discard: (stored: unknown) => void;
}

/**
 * Loads the record, takes it through the steps of PRS-13, and offers it.
 *
 * @returns Whether it was applied. It does not fail: what goes wrong is reported (PRS-16).
 */
export async function loadAndOffer(parts: LoadParts): Promise<boolean> {
  const { storage, report, emit } = parts;
  let stored: unknown;
  try {
    stored = await bounded(parts, () => loadRecord(storage));
    const record = stored == null ? undefined : await read(stored, parts);
    if (record === undefined) {
      return false;
    }
    emit("loadComplete", { record });
    return await parts.offer(record.snapshot, stored as PersistedSnapshot);
  } catch (error) {
    report(error as PersistenceError);
    if (stored !== undefined && (error as PersistenceError).kind !== "newer-schema") {
      parts.discard(stored);
    }
    return false;
  }
}

/** The record as it is to be offered; nothing where its time is over. Fails with a `PersistenceError`. */
async function read(stored: unknown, parts: LoadParts): Promise<PersistedSnapshot | undefined> {
  const { schemaVersion, compression, migration } = parts;
  if (!isPersistedSnapshot(stored)) {
    throw new PersistenceError("unreadable", "what is stored is no PersistedSnapshot");
  }
  const { snapshot, metadata } = stored as PersistedSnapshot;
  const fromVersion = metadata.schemaVersion;
  if (fromVersion > schemaVersion) {
    throw new PersistenceError(
      "newer-schema",
      `the stored record has schema version ${fromVersion}; expected at most ${schemaVersion}`,
    );
  }
  if (!parts.ignoreTTL && isExpired(metadata, parts.wallClock())) {
    parts.emit("expired", { metadata });
    return undefined;
  }
  let { data } = snapshot;
  const text = await step("unreadable", "the stored data cannot be read", async () => {
    if (metadata.compressed) {
      if (compression == null || typeof data !== "string") {
        throw new TypeError("expected the option compression, and a string");
      }
      data = JSON.parse(await compression.decompress(data));
    }
    return canonicalForm(data);
  });
  if (
    metadata.hash != null &&
    parts.verifyHash !== false &&
    metadata.hash !== (await hashText(text, parts.sha256))
  ) {
    throw new PersistenceError("hash-mismatch", "the stored data is not the data that was saved");
  }
  if (fromVersion < schemaVersion) {
    data = await step("migration-failed", `the migration from schema version ${fromVersion} failed`, () => {
      if (migration == null) {
        throw new TypeError("expected the option migration");
      }
      return runMigration(data, fromVersion, migration);
    });
    parts.emit("migrated", { fromVersion, toVersion: schemaVersion });
  }
  for (const validator of parts.validators) {
    const refused = "the validator refuses the stored data";
    if ((await step("invalid-data", refused, () => validator?.(data as never))) === false) {
      throw new PersistenceError("invalid-data", refused);
    }
  }
  const { revision, epoch } = snapshot;
  return { snapshot: { revision, data, ...(epoch == null ? {} : { epoch }) }, metadata };
}

async function step<T>(kind: PersistenceErrorKind, message: string, work: () => MaybePromise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new PersistenceError(kind, `${message}: ${(error as Error)?.message ?? error}`, error);
  }
}

function bounded<T>({ clock, loadTimeoutMs }: LoadParts, operation: () => MaybePromise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    run(clock, loadTimeoutMs, operation, (error, value) =>
      error === undefined ? resolve(value as T) : reject(error),
    );
  });
}
