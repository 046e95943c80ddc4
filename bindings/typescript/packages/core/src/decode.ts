import {
  type ErrorCode,
  type InvalidationEvent,
  isRevision,
  isTopic,
  ProtocolError,
  type SnapshotEnvelope,
} from "@statesync/protocol";

// The same verdicts, codes and places as the guards and parsers of the protocol give, for the two messages that an
// engine takes, in a fraction of their size. A test holds them to each other.

/** A code and a JSON Pointer behind it, such as `blank-topic/topic`; empty where nothing is wrong. */
type Fault = string;

type Rule = (value: unknown) => ErrorCode | "";

const text: Rule = (value) =>
  typeof value === "string" ? "" : value === undefined ? "missing-member" : "wrong-type";

const topicRule: Rule = (value) => text(value) || (isTopic(value) ? "" : "blank-topic");

const revisionRule: Rule = (value) => text(value) || (isRevision(value) ? "" : "invalid-revision");

const integer: Rule = (value) =>
  typeof value !== "number" ? "wrong-type" : Number.isSafeInteger(value) && value >= 0 ? "" : "out-of-range";

const optional = (rule: Rule, value: unknown): ErrorCode | "" => (value == null ? "" : rule(value));

const at = (code: ErrorCode | "", pointer: string): Fault => code && code + pointer;

/** An object with its own members alone; itself in the common case, nothing where it is none (MSG-12). */
// biome-ignore lint/suspicious/noExplicitAny: what comes from outside can have any members
function members(value: any): any {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return undefined;
  }
  let inherits = Object.getPrototypeOf(value) !== Object.prototype;
  for (const _ in nobody) {
    inherits = true;
  }
  return inherits ? { __proto__: null, ...value } : value;
}

const nobody = {};

/** The event that the value is, or what is wrong with it. It allocates nothing for a plain object. */
export function readEvent(value: unknown): InvalidationEvent | Fault {
  const event = members(value);
  return event
    ? at(topicRule(event.topic), "/topic") ||
        at(revisionRule(event.revision), "/revision") ||
        at(optional(text, event.epoch), "/epoch") ||
        at(optional(text, event.sourceId), "/sourceId") ||
        at(optional(integer, event.timestampMs), "/timestampMs") ||
        event
    : "wrong-type";
}

/** The envelope that the value is, or what is wrong with it. */
export function readEnvelope<D>(value: unknown): SnapshotEnvelope<D> | Fault {
  const envelope = members(value);
  return envelope
    ? at(revisionRule(envelope.revision), "/revision") ||
        at(envelope.data === undefined ? "missing-member" : "", "/data") ||
        at(optional(text, envelope.epoch), "/epoch") ||
        envelope
    : "wrong-type";
}

/**
 * The message that was read.
 *
 * @throws {ProtocolError} Where there is a fault instead.
 */
export function orThrow<T>(read: T | Fault, name: string): T {
  if (typeof read === "string") {
    const [code, place] = read.split("/");
    const pointer = place ? `/${place}` : "";
    throw new ProtocolError(code as ErrorCode, pointer, `${name}${pointer}: ${code}`);
  }
  return read;
}
