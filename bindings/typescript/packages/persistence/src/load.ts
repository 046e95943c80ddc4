import type { SnapshotEnvelope } from "@statesync/protocol";
import { canonicalForm } from "./canonical.js";
import { newerSchema, PersistenceError, type PersistenceErrorKind } from "./error.js";
import { hashText } from "./hash.js";
import type { Layer } from "./layer.js";
import { runMigration } from "./migration.js";
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
  const { storage, emit, clock, schemaVersion, compression, migration } = parts;
  let stored: unknown;
  /** What a failure of the application's code means in the step under way. */
  let kind: PersistenceErrorKind | undefined;
  try {
    stored = await promised((done) => run(clock, parts.loadTimeoutMs, () => loadRecord(storage), done));
    if (stored == null) {
      return false;
    }
    if (!isRecord(stored)) {
      throw new PersistenceError("unreadable", "what is stored is no PersistedSnapshot");
    }
    const { snapshot, metadata } = stored;
    const fromVersion = metadata.schemaVersion;
    if (fromVersion > schemaVersion) {
      throw newerSchema(schemaVersion);
    }
    if (!parts.ignoreTTL && isExpired(metadata, parts.wallClock())) {
      emit("expired", { metadata });
      return false;
    }
    kind = "unreadable";
    const { revision, epoch } = snapshot;
    let { data } = snapshot;
    if (metadata.compressed) {
      if (!compression || typeof data !== "string") {
        throw new TypeError("expected the option compression, and a string");
      }
      data = JSON.parse(await compression.decompress(data));
    }
    const text = canonicalForm(data);
    kind = undefined;
    const { hash } = metadata;
    if (hash != null && parts.verifyHash !== false && hash !== (await hashText(text, parts.sha256))) {
      throw new PersistenceError("hash-mismatch", "the stored data is not the data that was saved");
    }
    if (fromVersion < schemaVersion) {
      kind = "migration-failed";
      data = await runMigration(data, fromVersion, migration);
      emit("migrated", { fromVersion, toVersion: schemaVersion });
    }
    for (const validator of parts.validators) {
      kind = "invalid-data";
      if ((await validator?.(data as never)) === false) {
        kind = undefined;
        throw new PersistenceError("invalid-data", "the validator refuses the stored data");
      }
    }
    kind = undefined;
    const loaded: SnapshotEnvelope = { revision, data, ...(epoch == null ? {} : { epoch }) };
    emit("loadComplete", { record: { snapshot: loaded, metadata } });
    return await parts.offer(loaded, stored);
  } catch (error) {
    const failure = kind
      ? new PersistenceError(
          kind,
          `the stored data is of no use, ${kind}: ${(error as Error)?.message ?? error}`,
          error,
        )
      : (error as PersistenceError);
    parts.report(failure);
    if (stored !== undefined && failure.kind !== "newer-schema") {
      parts.discard(stored);
    }
    return false;
  }
}
