import type { ErrorCode } from "./generated/result.js";

/** A value or a text that the protocol refuses: a stable code, the place, and a sentence for people. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";

  constructor(
    /** The stable code, out of the closed list of the chapter "Errors". */
    readonly code: ErrorCode,
    /** The place as a JSON Pointer (RFC 6901); `""` is the whole. */
    readonly pointer: string,
    message: string,
  ) {
    super(message);
  }
}
