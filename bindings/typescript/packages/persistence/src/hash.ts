import { PersistenceError } from "./error.js";
import type { MaybePromise } from "./port.js";
import { after } from "./run.js";

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

/** The hash of a text in UTF-8, in 64 lower-case hexadecimal digits (PRS-8). */
export const hashText = (text: string, sha256?: Sha256 | null): MaybePromise<string> =>
  after((sha256 ?? webCrypto)(utf8(text)), hexadecimal);

function webCrypto(bytes: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> {
  const { subtle } = globalThis.crypto ?? {};
  if (!subtle) {
    throw new PersistenceError(
      "unavailable",
      "there is no Web Crypto here; use https, or give the option sha256",
    );
  }
  return subtle.digest("SHA-256", bytes);
}

const hexadecimal = (digest: ArrayBuffer | Uint8Array): string =>
  Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
