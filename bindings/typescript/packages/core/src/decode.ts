import type { InvalidationEvent, SnapshotEnvelope } from "@statesync/protocol";

// The same verdicts, codes and places as the guards and parsers of the protocol give, for the two messages that an
// engine takes, in a fraction of their size. A test holds them to each other.

/** A code and a JSON Pointer behind it, such as `blank-topic/topic`. */
export type Fault = string;

const MAX_REVISION = "18446744073709551615";

/** Whether a text is a canonical decimal up to 2^64-1 (REV-1 to REV-3). A loop, since a pattern takes longer. */
function isDecimal64(text: string): boolean {
  for (let index = text.length; index--; ) {
    const digit = text.charCodeAt(index);
    if (digit < 48 || digit > 57) {
      return false;
    }
  }
  const { length } = text;
  return (
    text === "0" || (text.charCodeAt(0) > 48 && (length < 20 || (length === 20 && text <= MAX_REVISION)))
  );
}

const textFault = (value: unknown, place: string): Fault =>
  typeof value === "string" ? "" : (value === undefined ? "missing-member" : "wrong-type") + place;

const revisionFault = (value: unknown): Fault =>
  textFault(value, "/revision") || (isDecimal64(value as string) ? "" : "invalid-revision/revision");

const timeFault = (value: unknown): Fault =>
  typeof value !== "number"
    ? "wrong-type/timestampMs"
    : Number.isSafeInteger(value) && value >= 0
      ? ""
      : "out-of-range/timestampMs";

/** Whose members all objects inherit; it has none of its own. */
const nobody = {};
const { getPrototypeOf, prototype } = Object;

/** An object with its own members alone: itself in the common case, nothing where it is none (MSG-12). */
// biome-ignore lint/suspicious/noExplicitAny: what comes from outside can have any members
function members(value: any): any {
  if (typeof value !== "object" || !value) {
    return undefined;
  }
  let inherits = getPrototypeOf(value) !== prototype;
  for (const _ in nobody) {
    inherits = true;
  }
  return inherits ? (Array.isArray(value) ? undefined : { __proto__: null, ...value }) : value;
}

/**
 * The event that the value is, or what is wrong with it. It allocates nothing for a plain object.
 *
 * @param known - A topic that is known to be one; looking whether it is blank would take longer.
 */
export function readEvent(value: unknown, known?: string): InvalidationEvent | Fault {
  const event = members(value);
  return event
    ? textFault(event.topic, "/topic") ||
        (event.topic === known || event.topic.trim() ? "" : "blank-topic/topic") ||
        revisionFault(event.revision) ||
        textFault(event.epoch ?? "", "/epoch") ||
        textFault(event.sourceId ?? "", "/sourceId") ||
        timeFault(event.timestampMs ?? 0) ||
        event
    : "wrong-type";
}

/** The envelope that the value is, or what is wrong with it. */
export function readEnvelope<D>(value: unknown): SnapshotEnvelope<D> | Fault {
  const envelope = members(value);
  return envelope
    ? revisionFault(envelope.revision) ||
        textFault(envelope.epoch ?? "", "/epoch") ||
        (envelope.data === undefined ? "missing-member/data" : envelope)
    : "wrong-type";
}

/** The error of a fault, with its code and place. */
export function faultError(fault: Fault): Error {
  const [code, place] = fault.split("/");
  return Object.assign(new Error(`a message does not decode: ${fault}`), {
    code,
    pointer: place ? `/${place}` : "",
  });
}
