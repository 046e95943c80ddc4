import type { PersistedSnapshot } from "@statesync/protocol";
import { PersistenceError } from "../error.js";
import { utf8Length } from "../hash.js";
import type { Judge, StorageBackendWithMetadata } from "../port.js";
import { encodeRecord } from "../record.js";
import { createBackend } from "./backend.js";

/** What a backend in `localStorage` or `sessionStorage` is made with. */
export interface WebStorageBackendOptions {
  /** The key of the record. What is set aside is at `<key>.damaged`. */
  key: string;
  /** Makes the text of a record; by default its JSON. */
  serialize?: ((record: PersistedSnapshot) => string) | null | undefined;
  /** Makes a record of its text; what it throws makes the record unreadable. */
  deserialize?: ((text: string) => unknown) | null | undefined;
}

/** Keeps the record in `localStorage`. It works at once: a save is complete before the page goes away (PRS-36). */
export function createLocalStorageBackend<D = unknown>(
  options: WebStorageBackendOptions,
): Required<StorageBackendWithMetadata<D>> {
  return createWebStorageBackend(() => localStorage, options);
}

/** Keeps the record in `sessionStorage`, so for the tab alone. */
export function createSessionStorageBackend<D = unknown>(
  options: WebStorageBackendOptions,
): Required<StorageBackendWithMetadata<D>> {
  return createWebStorageBackend(() => sessionStorage, options);
}

/** A backend in a `Storage`, which is looked up at each call: it may be forbidden, or not be there on a server. */
function createWebStorageBackend<D>(
  storage: () => Storage,
  { key, serialize, deserialize }: WebStorageBackendOptions,
): Required<StorageBackendWithMetadata<D>> {
  const asideKey = `${key}.damaged`;
  const parse = deserialize ?? JSON.parse;

  function parsed(text: string | null): unknown {
    try {
      return text === null ? null : parse(text);
    } catch (error) {
      throw new PersistenceError("unreadable", `the text at "${key}" is no record`, error);
    }
  }

  /** Whether the text may go, which is set aside where it is of no use. */
  function mayGo(store: Storage, judge: Judge | undefined): boolean {
    const text = store.getItem(key);
    let stored: unknown = text;
    try {
      stored = parsed(text);
    } catch {
      // A text that is no record is judged as it is.
    }
    const verdict = !judge || judge(stored);
    if (verdict === "damaged") {
      try {
        store.setItem(asideKey, text as string);
      } catch {
        // There is no room for two: the new record goes before the one that nobody can read.
      }
    }
    return verdict !== false;
  }

  return createBackend<D>({
    saveWithMetadata(snapshot, metadata, judge) {
      const store = storage();
      if (mayGo(store, judge)) {
        store.setItem(key, serialize ? serialize({ snapshot, metadata }) : encodeRecord(snapshot, metadata));
      }
    },
    loadWithMetadata: () => parsed(storage().getItem(key)) as PersistedSnapshot<D> | null,
    clear(judge) {
      const store = storage();
      if (mayGo(store, judge)) {
        store.removeItem(key);
        store.removeItem(asideKey);
      }
    },
    getUsage() {
      const text = storage().getItem(key);
      return { used: text === null ? 0 : utf8Length(key + text) };
    },
  });
}
