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

/** What platforms call the errors that have a kind of their own; all others are `unavailable`. */
const KINDS: Record<string, [PersistenceErrorKind, string]> = {
  QuotaExceededError: ["quota-exceeded", "free space, compress, or persist less"],
  NS_ERROR_DOM_QUOTA_REACHED: ["quota-exceeded", "free space, compress, or persist less"],
  DataCloneError: ["not-serializable", "use JSON data"],
};

/**
 * The failure of a backend: its own error if it has a kind already (also one that came over a bridge as a plain
 * object), or the platform's error with the kind that it means (PRS-46, PRS-47).
 */
export function asPersistenceError(error: unknown): PersistenceError {
  if (error instanceof PersistenceError) {
    return error;
  }
  const { kind, name, message, cause } = Object(error) as PersistenceError;
  const [meant, advice] = Object.hasOwn(KINDS, name) ? (KINDS[name] ?? []) : [];
  return new PersistenceError(
    kind ?? meant ?? "unavailable",
    `the store failed: ${message ?? error}${advice ? `; ${advice}` : ""}`,
    kind ? cause : error,
  );
}
