import { utf8 } from "../hash.js";
import type { CompressionAdapter } from "./port.js";

/** How many bytes become characters in one call: the arguments of a call are limited. */
const CHUNK = 0x8000;

/** Base64 (RFC 4648, section 4) of bytes. */
export function encodeBase64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += CHUNK) {
    text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  }
  return btoa(text);
}

/**
 * The bytes of a Base64 text.
 *
 * @throws Where the text is no Base64.
 */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** The text of bytes in UTF-8; fails where they are none. */
export function textOf(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}

/** No compression, but a form of ASCII letters alone; it works at once. */
export function createBase64Adapter() {
  return {
    algorithm: "base64",
    compress: (text) => encodeBase64(utf8(text)),
    decompress: (text) => textOf(decodeBase64(text)),
  } as const satisfies CompressionAdapter;
}

/** No compression at all. */
export function createNoCompressionAdapter() {
  return {
    algorithm: "none",
    compress: (text: string) => text,
    decompress: (text: string) => text,
  } as const satisfies CompressionAdapter;
}
