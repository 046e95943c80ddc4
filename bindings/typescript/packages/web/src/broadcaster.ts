import type { InvalidationEvent } from "@statesync/core";

/** Sends events to the subscribers of other tabs. */
export interface Broadcaster {
  /** Sends an event, to be called once the state that it announces can be pulled (ENG-6). */
  broadcast(event: InvalidationEvent): void;
  /** Releases what belongs to it. */
  dispose(): void;
}
