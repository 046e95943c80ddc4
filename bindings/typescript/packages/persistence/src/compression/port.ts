import type { MaybePromise } from "../port.js";

/**
 * A compressor (chapter 7, "Compression"). It gives back every text of Unicode scalar values unchanged, and what it makes
 * is such a text itself (PRS-11). All programs that share a store use the same one.
 */
export interface CompressionAdapter {
  /** Its name, for people. */
  readonly algorithm: string;
  /** Where it works at once, a save can be complete before a page goes away (PRS-36). */
  compress(text: string): MaybePromise<string>;
  /** Fails for what `compress` did not make. */
  decompress(text: string): MaybePromise<string>;
}
