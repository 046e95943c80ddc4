/**
 * What every backend has to do (chapter 7, "Backends"), as a list of tests without a test framework: Node runs it with the
 * backends that need no browser, and a page with the others.
 */
import type { PersistedMetadata, PersistedSnapshot, Revision, SnapshotEnvelope } from "@statesync/protocol";
import { PersistenceError, type StorageBackendWithMetadata } from "../../src/index.js";

/** What a test is given. */
export interface StorageUnderTest {
  /** A backend; another call with the same place gives another backend of the same record. */
  create(place: "one" | "two"): Required<StorageBackendWithMetadata<unknown>>;
  /** Puts something that is no record where the record of place "one" is, as it lies in the store. */
  damage(): Promise<void> | void;
  /** What was set aside of place "one". */
  damaged(): Promise<unknown> | unknown;
}

/** One test; it throws where the backend fails it. */
export interface StorageTest {
  readonly name: string;
  run(storage: StorageUnderTest): Promise<void>;
}

export const metadata = (given: Partial<PersistedMetadata> = {}): PersistedMetadata => ({
  savedAt: 1_000,
  schemaVersion: 1,
  sizeBytes: 3,
  compressed: false,
  ...given,
});

export const snapshot = (revision: string, data: unknown = revision, epoch?: string): SnapshotEnvelope => ({
  revision: revision as Revision,
  data,
  ...(epoch === undefined ? {} : { epoch }),
});

/** Fails unless the two are the same JSON value. */
export function same(found: unknown, expected: unknown, what = "value"): void {
  if (JSON.stringify(sorted(found)) !== JSON.stringify(sorted(expected))) {
    throw new Error(`${what}: found ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`);
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sorted);
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value)
        .sort(([left], [right]) => (left < right ? -1 : 1))
        .map(([name, member]) => [name, sorted(member)]),
    );
  }
  return value;
}

/** The kind of the persistence error that the work fails with. */
export async function kindOf(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    return error instanceof PersistenceError ? error.kind : `not a PersistenceError: ${error}`;
  }
  return "no error";
}

const test = (name: string, run: StorageTest["run"]): StorageTest => ({ name, run });

export const storageTests: readonly StorageTest[] = [
  test("gives nothing, and no error, before anything was saved (PRS-42)", async ({ create }) => {
    same((await create("one").loadWithMetadata()) ?? null, null);
    same((await create("one").load()) ?? null, null);
    same((await create("one").getUsage()).used, 0);
  }),

  test("gives back the whole record (PRS-2)", async ({ create }) => {
    const record = {
      snapshot: snapshot(
        "18446744073709551615",
        { "": "é😀\u0000\u2028", a: [1, null, { b: false }] },
        'e"1',
      ),
      metadata: metadata({ ttlMs: 5, hash: "ff", schemaVersion: 7 }),
    };
    await create("one").saveWithMetadata(record.snapshot, record.metadata);
    same(await create("one").loadWithMetadata(), record);
    same(await create("one").load(), record.snapshot);
    if (!((await create("one").getUsage()).used > 0)) {
      throw new Error("getUsage tells nothing of the record");
    }
  }),

  test("replaces the record, and gives nothing after clear (PRS-42)", async ({ create }) => {
    const backend = create("one");
    await backend.saveWithMetadata(snapshot("1"), metadata());
    await backend.saveWithMetadata(snapshot("2"), metadata());
    same((await backend.load())?.revision, "2");
    await backend.clear();
    same((await backend.load()) ?? null, null);
    await backend.clear();
    await backend.saveWithMetadata(snapshot("1"), metadata());
    same((await backend.load())?.revision, "1");
  }),

  test("makes a record of a snapshot that is saved without metadata", async ({ create }) => {
    await create("one").save(snapshot("3", { b: 1, a: 2 }, "e"));
    const record = (await create("one").loadWithMetadata()) as PersistedSnapshot;
    same(record.snapshot, snapshot("3", { a: 2, b: 1 }, "e"));
    same({ ...record.metadata, savedAt: 0 }, metadata({ savedAt: 0, sizeBytes: 13 }));
  }),

  test("keeps places apart, in whatever order they are opened (PRS-43)", async ({ create }) => {
    await create("two").saveWithMetadata(snapshot("2"), metadata());
    await create("one").saveWithMetadata(snapshot("1"), metadata());
    same((await create("two").load())?.revision, "2");
    await create("two").clear();
    same((await create("one").load())?.revision, "1");
    same((await create("two").load()) ?? null, null);
  }),

  test("asks the judge of what is stored, and leaves it where the judge says no (PRS-32)", async ({
    create,
  }) => {
    const asked: unknown[] = [];
    const judge = (answer: boolean) => (stored: unknown) => {
      asked.push((stored as PersistedSnapshot | null | undefined)?.snapshot.revision ?? null);
      return answer;
    };
    const backend = create("one");
    await backend.saveWithMetadata(snapshot("1"), metadata(), judge(true));
    await create("one").saveWithMetadata(snapshot("2"), metadata(), judge(false));
    same((await backend.load())?.revision, "1");
    await create("one").saveWithMetadata(snapshot("3"), metadata(), judge(true));
    same((await backend.load())?.revision, "3");
    await backend.clear(judge(false));
    same((await backend.load())?.revision, "3");
    await backend.clear(judge(true));
    same((await backend.load()) ?? null, null);
    same(asked, [null, "1", "1", "3", "3"]);
  }),

  test("lets only one of two programs at once replace what both have seen (PRS-32)", async ({ create }) => {
    const backends = [create("one"), create("one")];
    let replaced = 0;
    const once = (stored: unknown) => {
      replaced += stored == null ? 1 : 0;
      return stored == null;
    };
    await Promise.all(
      backends.map((backend, index) => backend.saveWithMetadata(snapshot(`${index}`), metadata(), once)),
    );
    same(replaced, 1);
  }),

  test("saves in the order of the calls", async ({ create }) => {
    const backend = create("one");
    await Promise.all(
      ["1", "2", "3", "4"].map((revision) => backend.saveWithMetadata(snapshot(revision), metadata())),
    );
    same((await backend.load())?.revision, "4");
  }),

  test("sets a damaged record aside before it replaces it, and forgets it with clear (PRS-69)", async (storage) => {
    const backend = storage.create("one");
    await backend.saveWithMetadata(snapshot("1"), metadata());
    await storage.damage();
    await backend.saveWithMetadata(snapshot("2"), metadata(), () => "damaged");
    same((await backend.load())?.revision, "2");
    if ((await storage.damaged()) == null) {
      throw new Error("nothing was set aside");
    }
    await backend.clear();
    same((await storage.damaged()) ?? null, null, "what was set aside, after clear");
  }),

  test("does not store what no store can hold, not in part either (PRS-41, PRS-46)", async ({ create }) => {
    const backend = create("one");
    await backend.saveWithMetadata(snapshot("1"), metadata());
    same(await kindOf(() => backend.save(snapshot("2", { fine: 1, not: () => {} }))), "not-serializable");
    same((await backend.loadWithMetadata())?.snapshot, snapshot("1"));
  }),

  test("keeps its own copy", async ({ create }) => {
    const data = { list: [1] };
    const backend = create("one");
    const saving = backend.saveWithMetadata(snapshot("1", data), metadata());
    await saving;
    data.list.push(2);
    const loaded = await backend.load();
    same(loaded?.data, { list: [1] });
    (loaded as { data: { list: number[] } }).data.list.push(3);
    same((await backend.load())?.data, { list: [1] });
  }),
];
