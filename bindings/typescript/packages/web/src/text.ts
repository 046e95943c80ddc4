import { decode, ProtocolError } from "@statesync/protocol";

/**
 * Reads a message that came as text by the rules of chapter 4 (TRA-16).
 *
 * @returns The value, unchecked; or, where the text itself is at fault, a `ProtocolError`. It is handed to the engine in the
 * place of an event, which reports it with the phase `protocol` (TRA-5).
 */
export function readText(text: unknown): unknown {
  if (typeof text !== "string") {
    return new ProtocolError(
      "invalid-json",
      "",
      "found a message that is not text; expected a JSON text (TRA-17)",
    );
  }
  const result = decode(text, (value) => ({ ok: true, value }));
  return result.ok
    ? result.value
    : new ProtocolError(result.error.code, result.error.pointer, result.error.message);
}

/** The topic that a message names, as far as it can be told: a message without one concerns every subscription. */
export function topicOf(message: unknown): unknown {
  return typeof message === "object" && message !== null ? (message as { topic?: unknown }).topic : undefined;
}
