import type { InvalidationEvent, Revision, SnapshotEnvelope } from "@statesync/protocol";
import { isGreater } from "./gate.js";

// The same verdicts, codes and places as the guards and parsers of the protocol give, for the two messages that an
// engine takes, in a fraction of their size. A test holds them to each other.

/** A code and a JSON Pointer behind it, such as `blank-topic/topic`. */
export type Fault = string;

const MAX_REVISION = "18446744073709551615" as Revision;

/** Whether a text is a canonical decimal up to 2^64-1 (REV-1 to REV-3). A loop, since a pattern takes longer. */
function isDecimal64(text: string): boolean {
  for (let index = text.length; index--; ) {
    // The digits are the codes from 48, whose four lowest bits are zero, to 57.
    if ((text.charCodeAt(index) ^ 48) > 9) {
      return false;
    }
  }
  return text === "0" || (text.charCodeAt(0) > 48 && !isGreater(text as Revision, MAX_REVISION));
}

const textFault = (value: unknown, place: string): Fault =>
  typeof value === "string" ? "" : (value === undefined ? "missing-member" : "wrong-type") + place;

/** What is wrong with the revision and the epoch. */
const positionFault = (message: { revision: unknown; epoch: unknown }): Fault =>
  textFault(message.revision, "/revision") ||
  (isDecimal64(message.revision as string) ? "" : "invalid-revision/revision") ||
  textFault(message.epoch ?? "", "/epoch");

const timeFault = (value: unknown): Fault =>
  typeof value === "number"
    ? Number.isSafeInteger(value) && value >= 0
      ? ""
      : "out-of-range/timestampMs"
    : "wrong-type/timestampMs";

/** Whose members all objects inherit; it has none of its own. */
const nobody = {};

/** What a reader of own members gives for an object: the object itself in the common case (MSG-12). */
// biome-ignore lint/suspicious/noExplicitAny: what comes from outside can have any members
function members(value: any): any {
  if (typeof value !== "object" || !value) {
    return undefined;
  }
  let inherits = Object.getPrototypeOf(value) !== Object.prototype;
  for (const _ in nobody) {
    inherits = true;
  }
  return inherits ? !Array.isArray(value) && { __proto__: null, ...value } : value;
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
        positionFault(event) ||
        textFault(event.sourceId ?? "", "/sourceId") ||
        timeFault(event.timestampMs ?? 0) ||
        event
    : "wrong-type";
}

/** The envelope that the value is, or what is wrong with it. */
export function readEnvelope<D>(value: unknown): SnapshotEnvelope<D> | Fault {
  const envelope = members(value);
  return envelope
    ? positionFault(envelope) || (envelope.data === undefined ? "missing-member/data" : envelope)
    : "wrong-type";
}

/** The error of a fault, with its code and place. */
export function faultError(fault: Fault): Error {
  const [code = ""] = fault.split("/");
  return Object.assign(new Error(`expected a message, found ${fault}`), {
    code,
    pointer: fault.slice(code.length),
  });
}
