import { ProtocolError } from "./error.js";
import type { Revision } from "./generated/types.js";

/** The revision of a state that nothing has changed yet. */
export const ZERO_REVISION = "0" as Revision;

/** The last revision, 2^64-1. */
export const MAX_REVISION = "18446744073709551615" as Revision;

/**
 * Whether a value is a revision: a string of canonical decimal digits, at most 2^64-1 (REV-1 to REV-4).
 */
export function isCanonicalRevision(value: unknown): value is Revision {
  if (typeof value !== "string" || value.length > 20) {
    return false;
  }
  // Two numbers of the same length are in the order of their digits.
  return /^(?:0|[1-9][0-9]*)$/.test(value) && (value.length < 20 || value <= MAX_REVISION);
}

/**
 * The value as a revision.
 *
 * @throws {ProtocolError} `wrong-type` where it is no string, `invalid-revision` where the string is not canonical.
 */
export function parseRevisionText(value: unknown): Revision {
  return checked(value, "");
}

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
  if (isCanonicalRevision(value)) {
    return value;
  }
  const code = typeof value === "string" ? "invalid-revision" : "wrong-type";
  const found = typeof value === "string" ? JSON.stringify(value.slice(0, 40)) : `a ${typeof value}`;
  throw new ProtocolError(
    code,
    pointer,
    `found ${found} where a revision belongs: a string of decimal digits without sign, space or leading zero, at most "${MAX_REVISION}"`,
  );
}
