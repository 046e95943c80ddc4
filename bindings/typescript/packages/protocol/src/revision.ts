import { ProtocolError } from "./error.js";
import { isRevision, parseRevision, type Revision } from "./generated/index.js";

/** The revision of a state that nothing has changed yet. */
export const ZERO_REVISION = "0" as Revision;

/** The last revision, 2^64-1. */
export const MAX_REVISION = "18446744073709551615" as Revision;

/**
 * Whether a value is a revision: a string of canonical decimal digits, at most 2^64-1 (REV-1 to REV-4).
 */
export const isCanonicalRevision: (value: unknown) => value is Revision = isRevision;

/**
 * Compares two revisions as numbers over the whole range, without making numbers of them (REV-5).
 *
 * @returns -1 where `a` is older, 1 where it is newer, 0 where they are the same.
 * @throws {ProtocolError} Where one is no revision: there is no order among what is none.
 */
export function compareRevisions(a: Revision, b: Revision): -1 | 0 | 1 {
  checked(a, "/left");
  checked(b, "/right");
  if (a === b) {
    return 0;
  }
  if (a.length !== b.length) {
    return a.length < b.length ? -1 : 1;
  }
  return a < b ? -1 : 1;
}

/**
 * The following revision; 2^64-1 is followed by itself (REV-6, REV-7).
 *
 * @throws {ProtocolError} Where the value is no revision.
 */
export function nextRevision(revision: Revision): Revision {
  checked(revision, "");
  return revision === MAX_REVISION ? revision : (String(BigInt(revision) + 1n) as Revision);
}

function checked(value: unknown, pointer: string): Revision {
  const result = parseRevision(value);
  if (!result.ok) {
    throw new ProtocolError(result.error.code, pointer, result.error.message);
  }
  return result.value;
}
