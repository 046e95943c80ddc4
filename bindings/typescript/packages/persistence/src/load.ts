import type { PersistedSnapshot, SnapshotEnvelope } from "@statesync/protocol";
import { canonicalForm } from "./canonical.js";
import { newerSchema, PersistenceError, type PersistenceErrorKind } from "./error.js";
import { hashText } from "./hash.js";
import type { Layer } from "./layer.js";
import { runMigration } from "./migration.js";
import type { MaybePromise } from "./port.js";
import { isExpired, isRecord } from "./record.js";
import { follow, loadRecord, promised, run, STORE } from "./run.js";
import { isAccepted, type Validator } from "./validator.js";

/** What a load goes by (chapter 7, "Loading"). */
export interface LoadParts extends Layer {
  readonly validators: readonly Validator<never>[];
  readonly ignoreTTL?: boolean | null | undefined;
  readonly verifyHash?: boolean | null | undefined;
}

/** What says nothing about the stored record: it stays, and a save is judged by it as by any other (PRS-70). */
const NO_VERDICT: readonly unknown[] = ["newer-schema", "timeout", "unavailable"];

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
  let what = STORE;

  /** Takes the steps; gives what is to be offered, if there is anything. */
  async function takeSteps(awaited: () => boolean): Promise<SnapshotEnvelope | undefined> {
    /** Waits for a part of a step. When the time of the load is over, nobody hears of what follows. */
    const part = async <T>(name: string, value: MaybePromise<T>): Promise<T> => {
      what = name;
      const given = await value;
      if (!awaited()) {
        throw new Error(`${name} ended too late`);
      }
      return given;
    };

    const loaded = await part(STORE, loadRecord(storage));
    if (loaded == null) {
      return;
    }
    stored = loaded;
    if (!isRecord(loaded)) {
      throw new PersistenceError("unreadable", "what is stored is no PersistedSnapshot");
    }
    const { snapshot, metadata } = loaded;
    const fromVersion = metadata.schemaVersion;
    if (fromVersion > schemaVersion) {
      throw newerSchema(schemaVersion);
    }
    if (!parts.ignoreTTL && isExpired(metadata, parts.wallClock())) {
      emit("expired", { metadata });
      return;
    }
    kind = "unreadable";
    const { revision, epoch } = snapshot;
    let { data } = snapshot;
    if (metadata.compressed) {
      if (!compression || typeof data !== "string") {
        throw new TypeError("expected the option compression, and a string");
      }
      data = JSON.parse(await part("the compressor", compression.decompress(data)));
    }
    const text = canonicalForm(data);
    kind = undefined;
    const { hash } = metadata;
    if (hash != null && parts.verifyHash !== false) {
      // What is no hash is a mismatch, also where none can be computed (PRS-18).
      if (!/^[\da-f]{64}$/.test(hash) || hash !== (await part("the hash", hashText(text, parts.sha256)))) {
        throw new PersistenceError("hash-mismatch", "the stored data is not the data that was saved");
      }
    }
    if (fromVersion < schemaVersion) {
      kind = "migration-failed";
      data = await part("the migration", runMigration(data, fromVersion, migration));
      emit("migrated", { fromVersion, toVersion: schemaVersion });
    }
    for (const validator of parts.validators) {
      kind = "invalid-data";
      if (!isAccepted(validator, data as never)) {
        kind = undefined;
        throw new PersistenceError("invalid-data", "the validator refuses the stored data");
      }
    }
    kind = undefined;
    const offered: SnapshotEnvelope = { revision, data, ...(epoch == null ? {} : { epoch }) };
    emit("loadComplete", { record: { snapshot: offered, metadata } });
    return offered;
  }

  try {
    const offered = await promised<SnapshotEnvelope | undefined>((done) =>
      run(
        clock,
        parts.loadTimeoutMs,
        (awaited) => follow(() => takeSteps(awaited), failed),
        done,
        () => what,
      ),
    );
    return !!offered && (await parts.offer(offered, stored as PersistedSnapshot));
  } catch (error) {
    const failure = error as PersistenceError;
    parts.report(failure);
    if (stored !== undefined && !NO_VERDICT.includes(failure.kind)) {
      parts.discard(stored);
    }
    return false;
  }

  function failed(error: unknown): never {
    throw kind
      ? new PersistenceError(
          kind,
          `the stored data is of no use, ${kind}: ${(error as Error)?.message ?? error}`,
          error,
        )
      : error;
  }
}
