import {
  type Clock,
  createThrottledHandler,
  OptionError,
  platformClock,
  type SnapshotApplier,
} from "@statesync/core";
import type { SnapshotEnvelope } from "@statesync/protocol";
import type { CompressionAdapter } from "./compression/port.js";
import type { CrossTabSync } from "./cross-tab.js";
import { PersistenceError } from "./error.js";
import { createEvents, isolated, type PersistenceEventHandler, type PersistenceEvents } from "./events.js";
import type { Sha256 } from "./hash.js";
import { type Layer, layers, type Settings } from "./layer.js";
import type { MigrationHandler } from "./migration.js";
import { numberOption } from "./options.js";
import { createOwnGate, type OfferTarget } from "./own-gate.js";
import { onPageHidden, type PageHidden } from "./page.js";
import type { AnyStorageBackend } from "./port.js";
import { prepare } from "./record.js";
import { type Done, promised } from "./run.js";
import { createSaver, type PersistenceStats } from "./saver.js";

/** What a persistence layer is made with (chapter 7, "Parts and options"). Times are in milliseconds. */
export interface PersistenceApplierOptions<D = unknown> {
  /** Where the record is kept. */
  storage: AnyStorageBackend<D>;
  /** Makes the application's state what a snapshot says. */
  applier: SnapshotApplier<D>;
  /** How often the store is written at most. */
  throttling?: PersistenceThrottling | null | undefined;
  /** The same as `throttling.debounceMs`. */
  debounceMs?: number | null | undefined;
  /** Told about every error, once. */
  onPersistenceError?: ((error: PersistenceError) => unknown) | null | undefined;
  /** The version of the data's schema that this program writes and reads; by default the migration's, or 1. */
  schemaVersion?: number | null | undefined;
  /** How long the records that it writes may be used; by default without limit. */
  ttlMs?: number | null | undefined;
  /** Compresses the data of the records that it writes; by default none. */
  compression?: CompressionAdapter | null | undefined;
  /** Whether the records that it writes have a hash (SHA-256); by default not. */
  enableHash?: boolean | null | undefined;
  /** The channel to the other tabs, made by `createCrossTabSync` for this applier alone; by default none. */
  crossTabSync?: CrossTabSync<D> | null | undefined;
  /** The steps from older schema versions. */
  migration?: MigrationHandler<D> | null | undefined;
  /**
   * The application's check of data that comes from the store or another tab: `false`, or an error, refuses it. It answers
   * at once: a promise refuses.
   */
  validator?: ((data: D) => unknown) | null | undefined;
  /** How long a load may take, with decompression, hash and migration; by default 5000. */
  loadTimeoutMs?: number | null | undefined;
  /** How long a save may take, with hash and compression, and a clearing; by default 10000. */
  saveTimeoutMs?: number | null | undefined;
  /** Computes SHA-256; by default Web Crypto. One that works at once makes saves with a hash complete at once. */
  sha256?: Sha256 | null | undefined;
  /** Tells when the page goes away; by default the page's own events. */
  pageHidden?: PageHidden | null | undefined;
  /** Monotonic time and timers; by default the platform's. */
  clock?: Clock | null | undefined;
  /** The wall clock, in milliseconds since the Unix epoch; by default `Date.now`. */
  wallClock?: (() => number) | null | undefined;
}

/** How saves are limited (chapter 6, "The limiter", with `trailing` always true). Times are in milliseconds. */
export interface PersistenceThrottling {
  debounceMs?: number | null | undefined;
  throttleMs?: number | null | undefined;
  leading?: boolean | null | undefined;
  maxWaitMs?: number | null | undefined;
}

/** The applier of an engine, with its records and tabs. */
export interface PersistenceApplier<D = unknown> extends SnapshotApplier<D> {
  /**
   * Makes records and messages of other tabs pass the gate of this engine, which has this applier. Without it, they are
   * judged by the snapshots that this applier has applied.
   *
   * @returns The engine.
   */
  attach<E extends OfferTarget<D>>(engine: E): E;
  /** Whether a snapshot waits for its save, or is being saved. */
  hasPendingSave(): boolean;
  /** Begins the pending save and waits until no save is left; fails with the last of the errors (PRS-34). */
  flush(): Promise<void>;
  /** Empties the store, here and for the other tabs; the application's state stays (PRS-37 to PRS-39). */
  clear(): Promise<void>;
  /** Saves what is pending and ends: what is applied later is not saved (PRS-35). */
  dispose(): Promise<void>;
  /** Adds a handler of an event; the function returned removes it. */
  on<K extends keyof PersistenceEvents>(event: K, handler: PersistenceEventHandler<K>): () => void;
  /** The figures since it was made. */
  getStats(): PersistenceStats;
}

/**
 * Wraps the applier of an engine: each snapshot that is applied is saved, and sent to the other tabs.
 *
 * ```ts
 * const applier = createPersistenceApplier({ storage, applier: storeApplier });
 * const sync = applier.attach(createRevisionSync({ topic, subscriber, provider, applier }));
 * await loadPersistedSnapshot(storage, applier);
 * await sync.start();
 * ```
 *
 * @throws {RangeError} For an option outside of its range; its member `option` names it (PRS-1).
 */
export function createPersistenceApplier<D = unknown>(
  options: PersistenceApplierOptions<D>,
): PersistenceApplier<D> {
  const { applier, layer } = createLayer(options);
  for (const object of [applier, options.applier, options.storage]) {
    layers.set(object, layer);
  }
  /** What was around the layer is as if it had never been there, unless another layer is there by now. */
  const release = (object: object) => layers.get(object) === layer && layers.delete(object);
  const { dispose } = applier;
  applier.dispose = () => {
    release(options.applier);
    // A clearing by the storage still waits for the save in flight.
    const releaseStorage = () => release(options.storage);
    const ended = dispose();
    ended.then(releaseStorage, releaseStorage);
    return ended;
  };
  return applier;
}

/** A persistence applier, and what loading and clearing need of it. */
export function createLayer<D>(options: PersistenceApplierOptions<D>): {
  applier: PersistenceApplier<D>;
  layer: Layer;
} {
  const { crossTabSync, throttling, migration } = options;
  if (crossTabSync && !("connect" in crossTabSync)) {
    throw new OptionError("crossTabSync", "what createCrossTabSync gives", "something else");
  }
  numberOption(options, "ttlMs", 0);
  const clock = options.clock ?? platformClock;
  const { emit, on } = createEvents();
  const report = (error: PersistenceError) => isolated(() => options.onPersistenceError?.(error));
  const settings: Settings = {
    ...options,
    schemaVersion: numberOption(options, "schemaVersion", migration?.currentVersion ?? 1),
    saveTimeoutMs: numberOption(options, "saveTimeoutMs", 10_000, true),
    loadTimeoutMs: numberOption(options, "loadTimeoutMs", 5_000, true),
    clock,
    wallClock: options.wallClock ?? Date.now,
    report,
    emit,
  };

  /** What has brought a snapshot, by how its failure is told: it is neither saved nor sent again (PRS-26, PRS-54). */
  const brought = new WeakMap<object, "invalid-data" | "channel">();
  /** What was applied last, as other tabs may have it (PRS-57); nothing after a clearing (PRS-58). */
  let last: SnapshotEnvelope | undefined;
  let disposed: Promise<void> | undefined;
  /** Those who wait for the clearing under way. */
  let clearing: Done<void>[] = [];

  const limiter = createThrottledHandler(() => saver.hurry(), {
    ...throttling,
    debounceMs: throttling?.debounceMs ?? options.debounceMs,
    trailing: true,
    clock,
  });
  const saver = createSaver(settings, limiter.trigger);

  function applied(snapshot: SnapshotEnvelope): void {
    const origin = brought.get(snapshot);
    if (disposed || (origin && !crossTabSync)) {
      return;
    }
    const prepared = prepare(snapshot, settings);
    last = prepared.snapshot;
    if (origin === "channel") {
      saver.drop();
    } else if (!origin) {
      if (last) {
        crossTabSync?.broadcast(last as SnapshotEnvelope<D>);
      }
      saver.add(prepared);
    }
  }

  const ownGate = createOwnGate(options.applier as SnapshotApplier<never>, applied, () => target !== ownGate);
  let target: OfferTarget = ownGate;

  /** Offers what has been brought. Nobody else tells what goes wrong where the gate is this layer's own (PRS-72). */
  function offer(snapshot: SnapshotEnvelope, origin: "invalid-data" | "channel"): Promise<boolean> {
    brought.set(snapshot, origin);
    return target.offer(snapshot).catch((error) => {
      report(new PersistenceError(origin, "a snapshot that was brought could not be applied", error));
      return false;
    });
  }

  function cleared(error?: PersistenceError): void {
    if (error) {
      report(error);
    } else {
      emit("cleared", {});
    }
  }

  function clear(): Promise<void> {
    last = undefined;
    forget?.();
    saver.overtake();
    return promised((done) => {
      if (clearing.push(done) > 1) {
        return;
      }
      saver.clear((error) => {
        const told = clearing;
        clearing = [];
        if (!error && !disposed) {
          crossTabSync?.notifyClear();
        }
        cleared(error);
        for (const done of told) {
          done(error);
        }
      });
    });
  }

  const forget = crossTabSync?.connect({
    report,
    validators: [options.validator, migration?.validator],
    last: () => last as SnapshotEnvelope<D> | undefined,
    snapshot(message) {
      offer(message, "channel");
    },
    clear() {
      last = undefined;
      saver.clearedElsewhere(cleared);
    },
  });

  const stopListening = (options.pageHidden ?? onPageHidden)(saver.hurry);
  const { flush, hasPendingSave, stats } = saver;

  return {
    applier: {
      apply: ownGate.apply,
      attach(engine) {
        target = engine as OfferTarget<never>;
        return engine;
      },
      hasPendingSave,
      flush,
      clear,
      dispose() {
        if (!disposed) {
          disposed = saver.dispose();
          limiter.dispose();
          crossTabSync?.dispose();
          stopListening();
        }
        return disposed;
      },
      on,
      getStats: () => ({ ...stats }),
    },
    layer: {
      ...settings,
      ...saver,
      clear,
      isDisposed: () => !!disposed,
      async offer(snapshot, stored) {
        const isApplied = await offer(snapshot, "invalid-data");
        if (isApplied && stored.metadata.schemaVersion < settings.schemaVersion) {
          saver.add(prepare(snapshot, settings), stored);
        }
        return isApplied;
      },
    },
  };
}
