import type { CallOptions, Position, SnapshotApplier } from "@statesync/core";
import type { SnapshotEnvelope } from "@statesync/protocol";
import type { MaybePromise } from "./port.js";
import { isAsNew } from "./record.js";
import { follow } from "./run.js";

/** Where records and messages are offered: an engine, or the gate below where there is none. */
export interface OfferTarget<D = unknown> {
  /** Resolves with whether the snapshot was applied (ENG-60, ENG-64). */
  offer(snapshot: SnapshotEnvelope<D>): Promise<boolean>;
}

interface Waiting {
  readonly snapshot: SnapshotEnvelope;
  readonly settle: (applied: MaybePromise<boolean>) => void;
}

/**
 * The gate of a persistence layer without an engine (PRS-53): what its engine applies passes unjudged, what is offered
 * is judged when no `apply` is under way any more (ENG-52, ENG-62), and a snapshot of a new epoch is ignored.
 *
 * @param applied - Told each snapshot that was applied, whoever asked for it.
 * @param isAttached - Whether an engine sees to it that one `apply` follows the other.
 */
export function createOwnGate(
  applier: SnapshotApplier<never>,
  applied: (snapshot: SnapshotEnvelope) => void,
  isAttached: () => boolean,
) {
  /** What was applied last. As new epochs are ignored, no others need to be known. */
  let held: Position | undefined;
  let underWay = 0;
  const applies: (() => void)[] = [];
  let offers: Waiting[] = [];

  function perform(snapshot: SnapshotEnvelope, options?: CallOptions): void | Promise<void> {
    underWay += 1;
    return follow<void, void>(
      () => applier.apply(snapshot as SnapshotEnvelope<never>, options),
      (error) => {
        underWay -= 1;
        advance();
        throw error;
      },
      () => {
        underWay -= 1;
        held = { revision: snapshot.revision, epoch: snapshot.epoch };
        applied(snapshot);
        advance();
      },
    ) as void | Promise<void>;
  }

  /** The same, with a failure at once as one of the promise. */
  async function performed(snapshot: SnapshotEnvelope, options?: CallOptions): Promise<true> {
    await perform(snapshot, options);
    return true;
  }

  /** Begins what waits for its turn: what the engine applies, then the newest offer that passes. */
  function advance(): void {
    if (underWay > 0) {
      return;
    }
    const next = applies.shift();
    if (next) {
      next();
      return;
    }
    const judged = offers;
    offers = [];
    // Of one epoch the higher revision is the newest, of several the one that came last.
    let newest: Waiting | undefined;
    for (const offer of judged) {
      const { snapshot } = offer;
      if (
        (!held || (isAsNew(snapshot, held) && snapshot.revision !== held.revision)) &&
        !(newest && isAsNew(newest.snapshot, snapshot))
      ) {
        newest = offer;
      }
    }
    for (const offer of judged) {
      offer.settle(offer === newest && performed(offer.snapshot));
    }
  }

  return {
    apply: (snapshot: SnapshotEnvelope, options?: CallOptions): void | Promise<void> =>
      underWay > 0 && !isAttached()
        ? new Promise<unknown>((resolve) => {
            applies.push(() => resolve(performed(snapshot, options)));
          }).then(() => {})
        : perform(snapshot, options),
    offer: (snapshot: SnapshotEnvelope) =>
      new Promise<boolean>((settle) => {
        offers.push({ snapshot, settle });
        advance();
      }),
  };
}
