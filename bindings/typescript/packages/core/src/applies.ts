import type { SnapshotEnvelope } from "@statesync/protocol";
import type { Calls } from "./calls.js";
import { epochOf, isGreater, type RevisionGate } from "./gate.js";
import type { SyncMetrics } from "./metrics.js";
import type { SnapshotApplier } from "./ports.js";

/** A snapshot from elsewhere than the provider, and who is told whether it was applied. */
interface Offer<D> {
  readonly snapshot: SnapshotEnvelope<D>;
  readonly tell: (applied: boolean) => void;
}

/**
 * Brings snapshots through the gate to the application, one `apply` at a time (ENG-52 to ENG-55, ENG-59 to ENG-64).
 *
 * @param accepted - Called when `apply` has succeeded and the gate holds the snapshot.
 * @param failedOffer - Reports an offer whose `apply` failed.
 * @param gap - Counts an offer of a new epoch as a gap.
 */
export function createApplies<D>(
  gate: RevisionGate,
  { call }: Calls,
  figures: SyncMetrics,
  applier: SnapshotApplier<D>,
  timeoutMs: number,
  accepted: () => void,
  failedOffer: (error: unknown, snapshot: SnapshotEnvelope<D>) => void,
  gap: () => void,
) {
  const offers = new Set<Offer<D>>();
  let applying = false;
  let waiting: (() => void) | undefined;

  function apply(snapshot: SnapshotEnvelope<D>, then: (failed: boolean, error: unknown) => void) {
    applying = true;
    call(
      "apply",
      timeoutMs,
      (options) => applier.apply(snapshot, options),
      (failed, error) => {
        applying = false;
        if (!failed) {
          figures.applied += 1;
          gate.accept(snapshot);
          accepted();
        }
        then(failed, error);
        waiting?.();
        judgeOffers();
      },
    );
  }

  /** Applies the newest of the offers that pass the gate; the others are judged by it (ENG-62). */
  function judgeOffers() {
    if (applying || offers.size === 0) {
      return;
    }
    let best: Offer<D> | undefined;
    for (const offer of offers) {
      const { snapshot } = offer;
      const judgement = gate.judge(snapshot);
      const passes = judgement === "first" || judgement === "newer";
      const isRival = best && epochOf(best.snapshot) === epochOf(snapshot);
      let loser: Offer<D> | undefined = offer;
      if (passes && (!best || (isRival && isGreater(snapshot.revision, best.snapshot.revision)))) {
        loser = best;
        best = offer;
      }
      if (loser) {
        figures.skipped += 1;
        offers.delete(loser);
        loser.tell(false);
        if (judgement === "new-epoch" || (passes && !isRival)) {
          gap();
        }
      }
    }
    if (best) {
      const { snapshot, tell } = best;
      const applied = best;
      apply(snapshot, (failed, error) => {
        if (failed) {
          failedOffer(error, snapshot);
        }
        offers.delete(applied);
        tell(!failed);
      });
    }
  }

  return {
    /**
     * Puts an answer to the gate once no `apply` is under way.
     *
     * @param skipped - It was not let through; whether because it was older.
     * @param applied - It was let through, and `apply` has ended.
     */
    answer(
      snapshot: SnapshotEnvelope<D>,
      skipped: (older: boolean) => void,
      applied: (failed: boolean, error: unknown) => void,
    ) {
      waiting = () => {
        waiting = undefined;
        const judgement = gate.judge(snapshot);
        if (judgement === "same" || judgement === "older") {
          figures.skipped += 1;
          skipped(judgement === "older");
        } else {
          apply(snapshot, applied);
        }
      };
      if (!applying) {
        waiting();
      }
    },
    offer(snapshot: SnapshotEnvelope<D>, tell: (applied: boolean) => void) {
      offers.add({ snapshot, tell });
      judgeOffers();
    },
    /** Tells every offer that is not decided that it was not applied. */
    stop() {
      for (const { tell } of offers) {
        tell(false);
      }
    },
  };
}
