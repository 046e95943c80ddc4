import type { CompressionAdapter } from "./port.js";

/** What is taken of the library `lz-string`. */
export interface LZStringLike {
  compressToUTF16(text: string): string;
  decompressFromUTF16(text: string): string | null;
}

/**
 * Compression by the library `lz-string`, which the application brings: 15 bits in each character, which suits stores that
 * count characters. It works at once.
 */
export function createLZStringAdapter(library: LZStringLike) {
  return {
    algorithm: "lz-string",
    compress: (text: string) => library.compressToUTF16(text),
    decompress(text: string) {
      const decompressed = library.decompressFromUTF16(text);
      // The library answers with nothing, or with an empty text, where others fail.
      if (!decompressed && text !== library.compressToUTF16("")) {
        throw new TypeError("lz-string cannot decompress the text; expected one that it has compressed");
      }
      return decompressed ?? "";
    },
  } as const satisfies CompressionAdapter;
}
