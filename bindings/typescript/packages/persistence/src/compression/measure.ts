import { type Clock, platformClock } from "@statesync/core";
import { canonicalForm } from "../canonical.js";
import { utf8 } from "../hash.js";
import { createLZCompressionAdapter } from "./lz.js";
import type { CompressionAdapter } from "./port.js";

/** How a compressor did. */
export interface CompressionMeasurement {
  algorithm: string;
  /** The size of the data as it would be stored, in bytes (PRS-7). */
  originalBytes: number;
  /** The size of the compressed data as it would be stored, in bytes. */
  compressedBytes: number;
  /** `compressedBytes` as a part of `originalBytes`: 0.25 is a quarter. Above 1, data is stored uncompressed. */
  ratio: number;
  /** How long compressing took, in milliseconds: the median of the runs. */
  compressMs: number;
  /** How long decompressing took, in milliseconds: the median of the runs. */
  decompressMs: number;
}

/**
 * How much of the data's size a compressor leaves, as it would be stored.
 *
 * @param adapter - By default the one of `createLZCompressionAdapter`.
 */
export async function estimateCompressionRatio(
  data: unknown,
  adapter: CompressionAdapter = createLZCompressionAdapter(),
): Promise<number> {
  return (await benchmarkCompression(data, [adapter], { runs: 1 }))[0]?.ratio ?? 1;
}

/**
 * Measures compressors on data of the application's.
 *
 * @throws Where one of them does not give the data back.
 */
export async function benchmarkCompression(
  data: unknown,
  adapters: readonly CompressionAdapter[] = [createLZCompressionAdapter()],
  { runs = 10, clock = platformClock }: { runs?: number; clock?: Pick<Clock, "now"> } = {},
): Promise<CompressionMeasurement[]> {
  const text = canonicalForm(data);
  const originalBytes = utf8(text).length;
  const measurements: CompressionMeasurement[] = [];
  for (const { algorithm, compress, decompress } of adapters) {
    const compressTimes: number[] = [];
    const decompressTimes: number[] = [];
    let compressed = "";
    for (let run = 0; run < runs; run++) {
      const begun = clock.now();
      compressed = await compress(text);
      const between = clock.now();
      const back = await decompress(compressed);
      decompressTimes.push(clock.now() - between);
      compressTimes.push(between - begun);
      if (back !== text) {
        throw new Error(`${algorithm} does not give back what it was given; expected the same text`);
      }
    }
    const compressedBytes = utf8(canonicalForm(compressed)).length;
    measurements.push({
      algorithm,
      originalBytes,
      compressedBytes,
      ratio: compressedBytes / originalBytes,
      compressMs: median(compressTimes),
      decompressMs: median(decompressTimes),
    });
  }
  return measurements;
}

function median(times: number[]): number {
  return times.sort((left, right) => left - right)[times.length >> 1] ?? 0;
}
