import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Recorder } from "./recorder.js";
import { until } from "./until.js";

/** A transport that is set up, with a source at its other end. */
export interface Bed {
  readonly recorder: Recorder;
  /** The source sends an event of the topic `settings`. */
  send(event: object): void | Promise<void>;
  /** The source sends what is no event, in each way that this transport can carry; gives how many. */
  sendMalformed(): number | Promise<number>;
  /**
   * Makes the subscriber miss `during`, in the way in which this transport loses events: the connection breaks and comes
   * back, or the page is frozen and resumed. Settles when the subscriber can know of it. A transport that loses
   * nothing has none, and says so.
   */
  lose?(during: () => void | Promise<void>): Promise<void>;
  /** How much of the transport is in use: connections, listeners. None where nobody is subscribed. */
  attached(): number | Promise<number>;
  close(): void | Promise<void>;
}

export const event = (revision: string, more: object = {}) => ({ topic: "settings", revision, ...more });

/** What every subscriber owes (TRA-1 to TRA-8), whatever the transport. */
export function describeSubscriber(
  name: string,
  open: () => Promise<Bed> | Bed,
  { loses = true } = {},
): void {
  describe(`${name}: the port`, () => {
    let bed: Bed;
    const subscribe = async (options = {}) => {
      const index = await bed.recorder.subscribe(options);
      if (typeof index === "string") {
        throw new Error(index);
      }
      return index;
    };
    const heard = (index: number, count: number) =>
      until(
        () => bed.recorder.received(index),
        (received) => received.length >= count,
      );
    const unused = () => until(bed.attached, (attached) => attached === 0);

    beforeEach(async () => {
      bed = await open();
    });
    afterEach(() => bed.close());

    it("TRA-1 TRA-4: hands over what was sent since, unchanged and in the order of arrival", async () => {
      await bed.send(event("1"));
      const index = await subscribe();
      const sent = [
        event("7", { epoch: "e", sourceId: "tab", timestampMs: 5, later: { versions: ["add", "members"] } }),
        event("9"),
        event("8"),
        event("8"),
        event("18446744073709551615"),
        { topic: "other topic", revision: "1" },
      ];
      for (const each of sent) {
        await bed.send(each);
      }
      // The one sent before may have arrived too: it was sent before, so nothing is owed either way.
      const received = await until(
        () => bed.recorder.received(index),
        (received) =>
          received.length >= sent.length && JSON.stringify(received.at(-1)) === JSON.stringify(sent.at(-1)),
      );
      expect(received.slice(-sent.length)).toEqual(sent);
      expect(await bed.recorder.gaps(index)).toBe(0);
    });

    it("TRA-5: hands over what is no event, for the engine to report, and goes on", async () => {
      const index = await subscribe();
      const count = await bed.sendMalformed();
      await bed.send(event("2"));
      expect(await heard(index, count + 1)).toEqual([...Array(count).fill("malformed"), event("2")]);
    });

    it("TRA-6: a handler that fails ends nothing and keeps nobody from the event", async () => {
      const failing = await subscribe({ fails: true });
      const other = await subscribe();
      await bed.send(event("1"));
      await bed.send(event("2"));
      expect(await heard(failing, 2)).toEqual([event("1"), event("2")]);
      expect(await heard(other, 2)).toEqual([event("1"), event("2")]);
    });

    it("TRA-7: an ended subscription hears nothing more; ending it twice does nothing", async () => {
      const ended = await subscribe();
      const other = await subscribe();
      await bed.send(event("1"));
      await heard(ended, 1);
      await bed.recorder.end(ended);
      await bed.recorder.end(ended);
      await bed.send(event("2"));
      await heard(other, 2);
      expect(await bed.recorder.received(ended)).toEqual([event("1")]);
    });

    it("TRA-7: one that is ended by a handler does not hear the same event any more", async () => {
      // The second one ends the first: whichever is called first, the event is delivered at most once to each.
      const first = await subscribe();
      const second = await subscribe({ ends: first });
      const third = await subscribe();
      await bed.send(event("1"));
      await bed.send(event("2"));
      await heard(third, 2);
      expect(await bed.recorder.received(second)).toEqual([event("1"), event("2")]);
      expect((await bed.recorder.received(first)).length).toBeLessThanOrEqual(1);
    });

    it("TRA-7: with the last subscription the transport is released, and a later one works", async () => {
      const one = await subscribe();
      const two = await subscribe();
      await bed.recorder.end(one);
      expect(await bed.attached()).toBeGreaterThan(0);
      await bed.recorder.end(two);
      await unused();
      const later = await subscribe();
      await bed.send(event("3"));
      expect(await heard(later, 1)).toEqual([event("3")]);
    });

    it.each(["before", "during"])(
      "TRA-8: cancelled %s it fails and leaves nothing behind",
      async (cancelled) => {
        const outcome = await bed.recorder.subscribe({ cancelled: cancelled as "before" | "during" });
        if (typeof outcome === "number") {
          // Subscribing was done before it could be cancelled.
          expect(cancelled).toBe("during");
          await bed.recorder.end(outcome);
        } else {
          expect(outcome).toBe("cancelled");
        }
        await unused();
      },
    );

    it("a late joiner hears what comes after it", async () => {
      const early = await subscribe();
      await bed.send(event("1"));
      await heard(early, 1);
      const late = await subscribe();
      await bed.send(event("2"));
      expect((await heard(late, 1)).at(-1)).toEqual(event("2"));
      expect(await heard(early, 2)).toEqual([event("1"), event("2")]);
    });

    if (!loses) {
      return;
    }
    it("TRA-2 TRA-9: after a loss it goes on, and signals one gap to each that was there", async ({
      skip,
    }) => {
      if (bed.lose === undefined) {
        return skip("this transport loses nothing");
      }
      const index = await subscribe();
      const failing = await subscribe({ fails: true });
      await bed.send(event("1"));
      await heard(index, 1);
      await bed.lose?.(() => bed.send(event("2")));
      await until(
        () => bed.recorder.gaps(index),
        (gaps) => gaps === 1,
      );
      expect(await bed.recorder.gaps(failing)).toBe(1);
      const late = await subscribe();
      await bed.send(event("3"));
      // A source may repeat its last event at the beginning of a subscription (TRA-3).
      await until(
        () => bed.recorder.received(index),
        (received) => JSON.stringify(received.at(-1)) === JSON.stringify(event("3")),
      );
      expect(await bed.recorder.gaps(late)).toBe(0);
    });
  });
}
