import { PersistenceError } from "./error.js";
import type { MaybePromise } from "./port.js";
import { after, follow } from "./run.js";

/** Computes the SHA-256 of bytes, at once or later. */
export type Sha256 = (bytes: Uint8Array<ArrayBuffer>) => MaybePromise<ArrayBuffer | Uint8Array>;

const encoder = /* @__PURE__ */ new TextEncoder();

/** Where short texts are encoded to be measured: one for all, as nobody reads it. */
const scratch = /* @__PURE__ */ new Uint8Array(12_288);

/** The bytes of a text in UTF-8. */
export const utf8 = (text: string): Uint8Array<ArrayBuffer> => encoder.encode(text);

/** How many bytes a text has in UTF-8. A unit of UTF-16 has three at most. */
export const utf8Length = (text: string): number =>
  3 * text.length > scratch.length ? utf8(text).length : encoder.encodeInto(text, scratch).written;

/**
 * The hash of a text in UTF-8, in 64 lower-case hexadecimal digits (PRS-8).
 *
 * @throws {PersistenceError} `unavailable`, at once or later: it says nothing about the text.
 */
export const hashText = (text: string, sha256?: Sha256 | null): MaybePromise<string> =>
  follow(
    () =>
      after(
        sha256 ? sha256(utf8(text)) : crypto.subtle.digest("SHA-256", utf8(text)),
        (digest: ArrayBuffer | Uint8Array) => {
          const bytes = new Uint8Array(digest);
          if (bytes.length !== 32) {
            throw new TypeError(`expected 32 bytes, found ${bytes.length}`);
          }
          return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
        },
      ),
    unavailable,
  );

function unavailable(error: unknown): never {
  throw new PersistenceError(
    "unavailable",
    `no hash could be computed: ${(error as Error)?.message ?? error}; use https, as Web Crypto needs it, or give the option sha256, or load with verifyHash: false`,
    error,
  );
}
