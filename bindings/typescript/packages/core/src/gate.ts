import { type Revision, ZERO_REVISION } from "@statesync/protocol";

/** A revision of an epoch; an absent epoch is the empty one. Events and snapshot envelopes are positions. */
export interface Position {
  readonly revision: Revision;
  readonly epoch?: string | null | undefined;
}

/** What the gate says of a snapshot, by the table of ENG-52. */
export type Judgement = "first" | "newer" | "same" | "older" | "new-epoch";

/** What a reader holds, and the epochs that it has left. It judges and remembers; it never calls anything. */
export interface RevisionGate {
  /** What a snapshot is to this reader (ENG-52). */
  judge(envelope: Position): Judgement;
  /** Remembers that a snapshot is now the reader's state, whatever the gate thought of it (ENG-53). */
  accept(envelope: Position): void;
  /** Whether an event tells this reader nothing new (ENG-30). It allocates nothing. */
  isStale(event: Position): boolean;
  /** The revision that the reader holds, `"0"` while it holds nothing (ENG-13). */
  readonly revision: Revision;
  /** The epoch that the reader holds, empty while it holds nothing. */
  readonly epoch: string;
}

/** How many left epochs are remembered (ENG-12). */
const LEFT_EPOCHS = 16;

/** The epoch of a position: absent means the same as empty. */
export const epochOf = (position: Position): string => position.epoch ?? "";

/** Whether a canonical revision is greater than another: the longer text, or the greater of the same length (REV-5). */
export const isGreater = (left: Revision, right: Revision): boolean =>
  left.length === right.length ? left > right : left.length > right.length;

/** A gate whose reader holds what `initial` says, or nothing. Revisions have to be canonical. */
export function createRevisionGate(initial?: Position | null): RevisionGate {
  let revision: Revision | undefined;
  let epoch: string | undefined;
  let left: string[] = [];

  const gate: RevisionGate = {
    judge(envelope) {
      const isOfEpoch = epochOf(envelope) === epoch;
      return revision === undefined
        ? "first"
        : gate.isStale(envelope)
          ? isOfEpoch && envelope.revision === revision
            ? "same"
            : "older"
          : isOfEpoch
            ? "newer"
            : "new-epoch";
    },
    accept(envelope) {
      const itsEpoch = epochOf(envelope);
      if (epoch !== undefined && epoch !== itsEpoch) {
        left = [epoch, ...left.filter((other) => other !== itsEpoch)].slice(0, LEFT_EPOCHS);
      }
      revision = envelope.revision;
      epoch = itsEpoch;
    },
    isStale(event) {
      const itsEpoch = epochOf(event);
      return itsEpoch === epoch ? !isGreater(event.revision, revision as Revision) : left.includes(itsEpoch);
    },
    get revision() {
      return revision ?? ZERO_REVISION;
    },
    get epoch() {
      return epoch ?? "";
    },
  };
  if (initial) {
    gate.accept(initial);
  }
  return gate;
}
