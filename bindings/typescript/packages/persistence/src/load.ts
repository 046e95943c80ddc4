import type { PersistedSnapshot } from "@statesync/protocol";
import { canonicalForm } from "./canonical.js";
import { PersistenceError, type PersistenceErrorKind } from "./error.js";
import { hashText } from "./hash.js";
import type { Layer } from "./layer.js";
import { runMigration } from "./migration.js";
import type { MaybePromise } from "./port.js";
import { isExpired, isRecord } from "./record.js";
import { loadRecord, promised, run } from "./run.js";

/** What a load goes by (chapter 7, "Loading"). */
export interface LoadParts extends Layer {
  readonly validators: readonly (((data: never) => unknown) | null | undefined)[];
  readonly ignoreTTL?: boolean | null | undefined;
  readonly verifyHash?: boolean | null | undefined;
}

/**
 * Loads the record, takes it through the steps of PRS-13, and offers it.
 *
 * @returns Whether it was applied. It does not fail: what goes wrong is reported (PRS-16).
 */
export async function loadAndOffer(parts: LoadParts): Promise<boolean> {
  const { storage, report, emit, clock, loadTimeoutMs } = parts;
  let stored: unknown;
  try {
    stored = await promised((done) => run(clock, loadTimeoutMs, () => loadRecord(storage), done));
    const record = stored == null ? undefined : await read(stored, parts);
    if (!record) {
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
  if (!isRecord(stored)) {
    throw new PersistenceError("unreadable", "what is stored is no PersistedSnapshot");
  }
  const { snapshot, metadata } = stored;
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
