import type { Position } from "@statesync/core";
import type { PersistedMetadata, PersistedSnapshot, SnapshotEnvelope } from "@statesync/protocol";
import { canonicalForm, jsonText } from "./canonical.js";
import type { CompressionAdapter } from "./compression/port.js";
import { PersistenceError } from "./error.js";
import { hashText, type Sha256, utf8Length } from "./hash.js";
import { isCount } from "./options.js";
import type { MaybePromise, Verdict } from "./port.js";
import { after, follow, isPromise } from "./run.js";

/** How records are made. */
export interface RecordOptions {
  readonly schemaVersion: number;
  readonly ttlMs?: number | null | undefined;
  readonly compression?: CompressionAdapter | null | undefined;
  readonly enableHash?: boolean | null | undefined;
  readonly sha256?: Sha256 | null | undefined;
}

/** A snapshot on its way into a record: its data as text, taken when it was applied. */
export interface Prepared {
  /** Nothing where there is a fault. */
  readonly snapshot?: SnapshotEnvelope;
  /** The JSON text of the data; its canonical form where somebody reads that. */
  readonly text: string;
  /** The hash, begun when the snapshot was applied, so that it is there when the page goes away (PRS-36). */
  readonly hash?: MaybePromise<string> | undefined;
  /** Why there can be no record of it. */
  readonly fault?: unknown;
}

/** Where an envelope of this layer has the JSON text of its data, so that it is not made a second time. */
const TEXT = Symbol("text");

type OwnEnvelope = SnapshotEnvelope & { readonly [TEXT]?: string };

/** The member `data` of an envelope with a text: it is parsed whenever somebody asks, so that nobody can change it. */
const DATA = {
  enumerable: true,
  get(this: OwnEnvelope): unknown {
    return JSON.parse(this[TEXT] as string);
  },
};

/**
 * An envelope with the data of a text: a backend that holds text does not parse it, and what the application does to its
 * own objects meanwhile does not reach the store.
 */
export function envelopeOf(
  revision: SnapshotEnvelope["revision"],
  text: string,
  epoch?: string | null,
): SnapshotEnvelope {
  const envelope = { revision } as SnapshotEnvelope;
  Object.defineProperty(envelope, "data", DATA);
  // Not enumerable: a copy with other data, such as an encrypting backend makes, is no envelope of this layer.
  Object.defineProperty(envelope, TEXT, { value: text });
  if (epoch != null) {
    envelope.epoch = epoch;
  }
  return envelope;
}

/** Whether an envelope is a copy that nobody changes. */
export const isOwnEnvelope = (snapshot: OwnEnvelope): boolean => TEXT in snapshot;

/** The JSON text of a record. */
export function encodeRecord(snapshot: SnapshotEnvelope, metadata: PersistedMetadata): string {
  const { revision, epoch } = snapshot;
  const data = (snapshot as OwnEnvelope)[TEXT] ?? JSON.stringify(snapshot.data);
  const position = JSON.stringify({ revision, epoch: epoch ?? undefined });
  return `{"snapshot":${position.slice(0, -1)},"data":${data}},"metadata":${JSON.stringify(metadata)}}`;
}

/** Takes the data of a snapshot as it is now, and begins its hash. Data that is no JSON is a fault (PRS-4). */
export function prepare({ revision, data, epoch }: SnapshotEnvelope, options: RecordOptions): Prepared {
  let text = "";
  try {
    text = (options.enableHash || options.compression ? canonicalForm : jsonText)(data);
    const hash = options.enableHash ? hashText(text, options.sha256) : undefined;
    if (isPromise(hash)) {
      // Whoever makes the record hears of the failure.
      hash.then(undefined, () => {});
    }
    return { snapshot: envelopeOf(revision, text, epoch), text, hash };
  } catch (error) {
    const { message } = error as Error;
    return {
      text,
      fault: text
        ? error
        : new PersistenceError("not-serializable", `the data is not JSON: ${message}`, error),
    };
  }
}

/**
 * The record of a snapshot: at once where compressor and hash are (PRS-36).
 *
 * @throws Where there can be none.
 */
export function makeRecord(
  { snapshot, text, hash, fault }: Prepared,
  { schemaVersion, ttlMs, compression }: RecordOptions,
  savedAt: number,
): MaybePromise<PersistedSnapshot> {
  if (!snapshot) {
    throw fault;
  }
  return after(hash, (hash): MaybePromise<PersistedSnapshot> => {
    const record = (snapshot: SnapshotEnvelope, text: string, compressed: boolean) => {
      const metadata: PersistedMetadata = { savedAt, schemaVersion, sizeBytes: utf8Length(text), compressed };
      if (ttlMs != null) {
        metadata.ttlMs = ttlMs;
      }
      if (hash) {
        metadata.hash = hash;
      }
      return { snapshot, metadata };
    };
    const plain = record(snapshot, text, false);
    if (!compression) {
      return plain;
    }
    return follow(
      () =>
        after(compression.compress(text), (compressed) => {
          const form = jsonText(compressed);
          const smaller = record(envelopeOf(snapshot.revision, form, snapshot.epoch), form, true);
          return smaller.metadata.sizeBytes < plain.metadata.sizeBytes ? smaller : plain;
        }),
      (error): never => {
        throw new PersistenceError("compression", `the compressor ${compression.algorithm} failed`, error);
      },
    );
  });
}

/** Whether a value is a record, by its shape: what is stored may come from anywhere. */
export function isRecord(value: unknown): value is PersistedSnapshot {
  const { snapshot, metadata } = Object(value);
  const { revision, data, epoch } = Object(snapshot);
  const { savedAt, schemaVersion, sizeBytes, compressed, ttlMs, hash } = Object(metadata);
  return (
    [revision, epoch ?? "", hash ?? ""].every((text) => typeof text === "string") &&
    // A canonical decimal of 64 bits (REV-1 to REV-4) is what a number of 64 bits is written as.
    /^\d{1,20}$/.test(revision) &&
    `${BigInt.asUintN(64, BigInt(revision))}` === revision &&
    data !== undefined &&
    [savedAt, schemaVersion, sizeBytes, ttlMs ?? 0].every(isCount) &&
    typeof compressed === "boolean"
  );
}

/** Whether a record's time is over, to whichever side the clock was set (PRS-19). */
export const isExpired = (
  { savedAt, ttlMs }: { savedAt: number; ttlMs?: number | null },
  now: number,
): boolean => ttlMs != null && Math.abs(now - savedAt) >= ttlMs;

/** Whether a snapshot is of the epoch of another one, and not older. */
export function isAsNew(snapshot: Position, than: Position): boolean {
  const [left, right] = [snapshot.revision, than.revision];
  return (
    (snapshot.epoch ?? "") === (than.epoch ?? "") &&
    (left.length === right.length ? left >= right : left.length > right.length)
  );
}

/** Whether two records are the same JSON value. */
export const isSameRecord = (left: unknown, right: unknown): boolean =>
  left !== undefined && JSON.stringify(left) === JSON.stringify(right);

/**
 * What is to become of the stored record (PRS-30 to PRS-32, PRS-70).
 *
 * @param only - The one record that may be replaced, if not any (PRS-23).
 * @param useless - A record that counts as none, as it ended a loading.
 */
export function judgeReplacement(
  stored: unknown,
  record: PersistedSnapshot,
  only: PersistedSnapshot | undefined,
  useless: unknown,
  now: number,
): Verdict | "newer-schema" {
  if (stored == null) {
    return only === undefined;
  }
  // What this layer has made need not be checked, and not be parsed for it.
  if (!isOwnEnvelope(Object((stored as PersistedSnapshot).snapshot)) && !isRecord(stored)) {
    return only === undefined && "damaged";
  }
  const { snapshot, metadata } = stored as PersistedSnapshot;
  const { schemaVersion } = record.metadata;
  if (metadata.schemaVersion > schemaVersion) {
    return "newer-schema";
  }
  if (only !== undefined) {
    return isSameRecord(stored, only);
  }
  if (isSameRecord(useless, stored)) {
    return "damaged";
  }
  return (
    metadata.schemaVersion < schemaVersion || isExpired(metadata, now) || !isAsNew(snapshot, record.snapshot)
  );
}
