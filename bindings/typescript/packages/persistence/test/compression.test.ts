import fc from "fast-check";
import LZString from "lz-string";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  benchmarkCompression,
  type CompressionAdapter,
  createBase64Adapter,
  createCompressionAdapter,
  createLZCompressionAdapter,
  createLZStringAdapter,
  createNoCompressionAdapter,
  estimateCompressionRatio,
  lzCompress,
  lzDecompress,
} from "../src/index.js";

const TEXTS = [
  "",
  "a",
  '{"theme":"dark"}',
  "é",
  "😀".repeat(50),
  "\u0000\u0001\u2028",
  "\ufeff\ufffe\uffff",
  "日本語".repeat(9),
];

function withoutStreams(): CompressionAdapter {
  vi.stubGlobal("CompressionStream", undefined);
  return createCompressionAdapter();
}

const adapters: [string, () => CompressionAdapter][] = [
  ["none", createNoCompressionAdapter],
  ["base64", createBase64Adapter],
  ["deflate by fflate", createLZCompressionAdapter],
  ["deflate by streams", createCompressionAdapter],
  ["deflate where there are no streams", withoutStreams],
  ["lz-string", () => createLZStringAdapter(LZString)],
  [
    "the application's own",
    () =>
      createCompressionAdapter({ compress: (text) => `(${text})`, decompress: (text) => text.slice(1, -1) }),
  ],
];

afterEach(() => vi.unstubAllGlobals());

describe.each(adapters)("compression: %s", (_, create) => {
  it.each(TEXTS)("gives back %j (PRS-11)", async (text) => {
    const { compress, decompress } = create();
    const compressed = await compress(text);
    expect(/\p{Surrogate}/u.test(compressed)).toBe(false);
    expect(await decompress(compressed)).toBe(text);
  });

  it("gives back every text of scalar values, and makes only such (PRS-11)", async () => {
    const { compress, decompress } = create();
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary", maxLength: 200 }), async (text) => {
        const compressed = await compress(text);
        expect(/\p{Surrogate}/u.test(compressed)).toBe(false);
        expect(await decompress(compressed)).toBe(text);
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});

describe("compression", () => {
  it.each(adapters.slice(1, 6))("%s refuses what it did not make", async (_, create) => {
    const { decompress } = create();
    await expect((async () => decompress("{not compressed}"))()).rejects.toThrow();
  });

  it("reads with each deflate what another one wrote", async () => {
    const [one, two] = [createLZCompressionAdapter(), createCompressionAdapter()];
    for (const text of TEXTS) {
      expect(await two.decompress(one.compress(text))).toBe(text);
      expect(one.decompress(await two.compress(text))).toBe(text);
    }
  });

  it("works at once where a page may go away", () => {
    expect(lzDecompress(lzCompress("at once"))).toBe("at once");
    expect(createLZCompressionAdapter().compress("a")).toBeTypeOf("string");
  });

  it("handles more bytes than a call can have arguments", () => {
    const { compress, decompress } = createBase64Adapter();
    const text = "é".repeat(200_000);
    expect(decompress(compress(text))).toBe(text);
  });

  it("is measured by what would be stored", async () => {
    const data = { list: "abc".repeat(1_000) };
    const ratio = await estimateCompressionRatio(data);
    expect(ratio).toBeLessThan(0.05);
    const measured = await benchmarkCompression(
      data,
      [createNoCompressionAdapter(), createLZCompressionAdapter()],
      { runs: 2 },
    );
    expect(measured.map(({ algorithm }) => algorithm)).toEqual(["none", "deflate"]);
    // The quotation marks of the text are escaped once it is stored as a string.
    expect(measured[0]).toMatchObject({ originalBytes: 3_011, compressedBytes: 3_017 });
    expect(measured[1]?.ratio).toBe(ratio);
  });

  it("is not measured where it loses something", async () => {
    const lossy = { algorithm: "lossy", compress: (text: string) => text, decompress: () => "" };
    await expect(benchmarkCompression({ a: 1 }, [lossy])).rejects.toThrow("lossy does not give back");
  });
});
