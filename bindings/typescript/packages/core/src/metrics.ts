import type { SyncPhase } from "@statesync/protocol";

/** What an engine has done since it was made (ENG-85). */
export interface SyncMetrics {
  /** Events that the subscriber handed over while the engine was not stopped. */
  events: number;
  /** Triggers that found another one waiting, and requests that joined a pull that was to come anyway. */
  coalesced: number;
  /** Calls of `getSnapshot`. */
  pulls: number;
  /** Calls of `apply` that succeeded. */
  applied: number;
  /** Answers and offers that the gate did not let through. */
  skipped: number;
  /** The reports to `onError`, by phase. */
  errors: Partial<Record<SyncPhase, number>>;
}
