import { utf8 } from "../hash.js";
import { decodeBase64, encodeBase64, textOf } from "./base64.js";
import { lzCompress, lzDecompress } from "./lz.js";
import type { CompressionAdapter } from "./port.js";

/** A compressor of the application's own. */
export type CompressionFunctions = Partial<CompressionAdapter> &
  Pick<CompressionAdapter, "compress" | "decompress">;

/**
 * A compressor: of the given functions; without any, DEFLATE by the platform's `CompressionStream`, and by `fflate` where
 * there is none. Both read what the other one wrote, and so does `createLZCompressionAdapter`, which works at once, as
 * streams do not.
 */
export function createCompressionAdapter(functions?: CompressionFunctions | null): CompressionAdapter {
  if (functions != null) {
    return {
      algorithm: functions.algorithm ?? "custom",
      compress: (text) => functions.compress(text),
      decompress: (text) => functions.decompress(text),
    };
  }
  if (typeof CompressionStream === "undefined") {
    return { algorithm: "deflate", compress: lzCompress, decompress: lzDecompress };
  }
  return {
    algorithm: "deflate",
    compress: async (text) => encodeBase64(await through(new CompressionStream("deflate-raw"), utf8(text))),
    decompress: async (text) =>
      textOf(await through(new DecompressionStream("deflate-raw"), decodeBase64(text))),
  };
}

async function through(
  stream: CompressionStream | DecompressionStream,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array> {
  const writer = stream.writable.getWriter();
  // The reader below hears of every failure too.
  writer.write(bytes).catch(() => {});
  writer.close().catch(() => {});
  return new Uint8Array(await new Response(stream.readable).arrayBuffer());
}
