/** What went wrong with a store or a channel: the closed list of chapter 7, "Errors, events and figures" (PRS-64). */
export type PersistenceErrorKind =
  | "unavailable"
  | "timeout"
  | "quota-exceeded"
  | "not-serializable"
  | "compression"
  | "unreadable"
  | "newer-schema"
  | "hash-mismatch"
  | "migration-failed"
  | "invalid-data"
  | "channel";

/** A failure of the cache, never of the state: the kind for programs, a sentence for people, and what caused it. */
export class PersistenceError extends Error {
  constructor(
    /** The kind, out of the closed list. */
    readonly kind: PersistenceErrorKind,
    message: string,
    /** The underlying error, where there is one. */
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "PersistenceError";
  }
}

/**
 * The failure of a backend: its own error if it has a kind already (also one that came over a bridge as a plain
 * object), or the platform's error with the kind that it means (PRS-46, PRS-47).
 */
export function asPersistenceError(error: unknown): PersistenceError {
  if (error instanceof PersistenceError) {
    return error;
  }
  const { kind, name, message, cause } = Object(error) as PersistenceError;
  // QuotaExceededError, and what Firefox has called it: NS_ERROR_DOM_QUOTA_REACHED.
  const isFull = /quota/i.test(name);
  return new PersistenceError(
    kind ?? (isFull ? "quota-exceeded" : name === "DataCloneError" ? "not-serializable" : "unavailable"),
    `the store failed: ${message ?? error}${isFull ? "; free space, compress, or persist less" : ""}`,
    kind ? cause : error,
  );
}

/** The stored record is of a newer schema version than this program's. */
export const newerSchema = (schemaVersion: number): PersistenceError =>
  new PersistenceError(
    "newer-schema",
    `the stored record is newer than schema version ${schemaVersion}; update this program, or clear the store`,
  );
