import { type Clock, type InvalidationSubscriber, platformClock } from "@statesync/core";
import { createAttachedSubscriber, type ErrorListener } from "./fan-out.js";
import { type PageLike, whenResumed } from "./resumed.js";

export interface PollingSubscriberOptions {
  /** The time between two gaps, in milliseconds. */
  readonly intervalMs: number;
  /** Told about handlers that throw. */
  readonly onError?: ErrorListener;
  /** What tells that the page is hidden or resumed; the page itself by default. */
  readonly page?: PageLike;
  readonly clock?: Clock;
}

/**
 * Brings no events: it signals a gap at an interval, so that the engine pulls. For readers that have HTTP alone. When the
 * page is resumed, a gap is signalled at once.
 *
 * @throws {RangeError} For an interval that is not a positive, finite number.
 */
export function createPollingSubscriber(options: PollingSubscriberOptions): InvalidationSubscriber {
  const { intervalMs, onError, page, clock = platformClock } = options;
  if (!(intervalMs > 0 && intervalMs < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`intervalMs is ${intervalMs}; expected a positive number of milliseconds`);
  }
  return createAttachedSubscriber(onError, (subscriptions) => {
    const tick = () => {
      // The next one first: what is called may end the subscription, which drops it.
      dropTimer = clock.setTimer(tick, intervalMs);
      subscriptions.gap();
    };
    let dropTimer = clock.setTimer(tick, intervalMs);
    const endResumed = whenResumed(() => subscriptions.gap(), page);
    return () => {
      endResumed();
      dropTimer();
    };
  });
}
