import { deflateSync, inflateSync } from "fflate";
import { utf8 } from "../hash.js";
import { decodeBase64, encodeBase64, textOf } from "./base64.js";
import type { CompressionAdapter } from "./port.js";

/**
 * Compresses a text: DEFLATE (RFC 1951), written in Base64. Every text without lone surrogates comes back unchanged.
 */
export function lzCompress(text: string): string {
  return encodeBase64(deflateSync(utf8(text)));
}

/**
 * What `lzCompress` was given.
 *
 * @throws Where the text is not one that `lzCompress` made.
 */
export function lzDecompress(text: string): string {
  return textOf(inflateSync(decodeBase64(text)));
}

/** DEFLATE by `fflate`; it works at once, so that a save is complete before a page goes away (PRS-36). */
export function createLZCompressionAdapter() {
  return {
    algorithm: "deflate",
    compress: lzCompress,
    decompress: lzDecompress,
  } as const satisfies CompressionAdapter;
}
