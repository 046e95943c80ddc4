import type { PersistedMetadata, PersistedSnapshot } from "@statesync/protocol";
import type { PersistenceError } from "./error.js";

/** What handlers of each event are told (PRS-66). */
export interface PersistenceEvents {
  /** The backend is called with a record. */
  saveStart: { record: PersistedSnapshot };
  /** The record, or one that is as new, is in the store. */
  saveComplete: { record: PersistedSnapshot; durationMs: number };
  /** A save failed. */
  saveError: { error: PersistenceError };
  /** A record has passed all steps of loading and is about to be offered. */
  loadComplete: { record: PersistedSnapshot };
  /** The time of the stored record is over. */
  expired: { metadata: PersistedMetadata };
  /** The data of a record was led to the current schema version. */
  migrated: { fromVersion: number; toVersion: number };
  /** The store has been emptied, by this tab or by another one. */
  cleared: Record<string, never>;
}

/** Handles an event; what it throws is dropped (PRS-65). */
export type PersistenceEventHandler<K extends keyof PersistenceEvents> = (
  event: PersistenceEvents[K],
) => unknown;

/** Sends an event to its handlers. */
export type Emit = <K extends keyof PersistenceEvents>(event: K, value: PersistenceEvents[K]) => void;

/** Calls a function of the application; what it throws, now or later, goes nowhere (PRS-65, ENG-74, ENG-76). */
export function isolated(call: () => unknown): void {
  try {
    const outcome = call() as PromiseLike<unknown> | null | undefined;
    outcome?.then?.(undefined, () => {});
  } catch {
    // The application's own failure changes nothing here.
  }
}

/** The handlers of events, and how to send one. */
export function createEvents() {
  const handlers: { [K in keyof PersistenceEvents]?: Set<(value: never) => unknown> } = {};
  return {
    emit: ((event, value) => {
      handlers[event]?.forEach((handler) => {
        isolated(() => handler(value as never));
      });
    }) as Emit,
    /** Adds a handler; the function returned removes it. */
    on<K extends keyof PersistenceEvents>(event: K, handler: PersistenceEventHandler<K>): () => void {
      handlers[event] ??= new Set();
      handlers[event].add(handler);
      return () => {
        handlers[event]?.delete(handler);
      };
    },
  };
}
