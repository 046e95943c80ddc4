import { PersistenceError } from "./error.js";
import type { MaybePromise } from "./port.js";
import { isPromise } from "./run.js";

/** Computes the SHA-256 of bytes, at once or later. */
export type Sha256 = (bytes: Uint8Array<ArrayBuffer>) => MaybePromise<ArrayBuffer | Uint8Array>;

const encoder = /* @__PURE__ */ new TextEncoder();

const OTHER_THAN_ASCII = /[^\0-\x7f]/;

/** The bytes of a text in UTF-8. */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}

/** How many bytes a text has in UTF-8. Where there is ASCII alone nothing is encoded for it. */
export function utf8Length(text: string): number {
  return OTHER_THAN_ASCII.test(text) ? utf8(text).length : text.length;
}

/** The hash of a text in UTF-8, in 64 lower-case hexadecimal digits (PRS-8). */
export function hashText(text: string, sha256?: Sha256 | null): MaybePromise<string> {
  const digest = (sha256 ?? webCrypto)(utf8(text));
  return isPromise(digest) ? digest.then(hexadecimal) : hexadecimal(digest);
}

function webCrypto(bytes: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> {
  const { subtle } = globalThis.crypto ?? {};
  if (subtle === undefined) {
    throw new PersistenceError(
      "unavailable",
      "there is no Web Crypto here; serve the page securely (https), or give the option sha256",
    );
  }
  return subtle.digest("SHA-256", bytes);
}

function hexadecimal(digest: ArrayBuffer | Uint8Array): string {
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
