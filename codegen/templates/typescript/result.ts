/** Why a value was refused: the codes are a closed set. */
export type ErrorCode =
  | "invalid-json"
  | "too-deep"
  | "wrong-type"
  | "missing-member"
  | "duplicate-member"
  | "invalid-revision"
  | "blank-topic"
  | "unknown-value"
  | "out-of-range"
  | "invalid-data";

/** What is wrong with a value. */
export interface ParseError {
  /** The kind of fault. */
  code: ErrorCode;
  /** Where it is, a JSON Pointer (RFC 6901); empty for the value itself. */
  pointer: string;
  /** A sentence: what is wrong, and what would have been right. */
  message: string;
}

/** A typed value, or why there is none. */
export type ParseResult<T> = { ok: true; value: T } | { ok: false; error: ParseError };

/** A parser of a payload, as `parseX` functions are. */
export type Parser<T> = (value: unknown) => ParseResult<T>;

/** What may come over the wire for a `T`: an explicit null in an optional member is read as absent. */
export type Received<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends readonly unknown[]
    ? { [K in keyof T]: Received<T[K]> }
    : T extends object
      ? { [K in keyof T]: {} extends Pick<T, K> ? Received<T[K]> | null : Received<T[K]> }
      : T;
