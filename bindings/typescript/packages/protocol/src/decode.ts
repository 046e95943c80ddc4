import type { ErrorCode, ParseResult } from "./generated/result.js";

/** How many levels of arrays and objects a message may nest, itself being the first (MSG-9, MSG-10). */
export const MAX_DEPTH = 127;

/** Members whose content belongs to the application: what is twice in there is not the protocol's business. */
const PAYLOADS = new Set(["data", "error"]);

/**
 * Decodes a message from text, with the faults that a parsed value does not show: a member given twice, a lone
 * surrogate, a number past the doubles, nesting beyond {@link MAX_DEPTH} (MSG-7 to MSG-10).
 *
 * @param text - JSON text, or its bytes in UTF-8.
 * @param parse - The parser of the message, such as `parseInvalidationEvent`.
 */
export function decode<T>(
  text: string | Uint8Array,
  parse: (value: unknown) => ParseResult<T>,
): ParseResult<T> {
  let content: string;
  let value: unknown;
  try {
    content =
      typeof text === "string"
        ? text
        : new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(text);
    value = JSON.parse(content);
  } catch (error) {
    // The engine quotes the text and may cut a character in half; a message must be sendable itself.
    const reason = (error instanceof Error ? error.message : String(error)).replace(SURROGATES, "\ufffd");
    return refuse(
      "invalid-json",
      "",
      `this is not a JSON text: ${reason}; expected one I-JSON text (RFC 7493)`,
    );
  }
  return textFault(content) ?? parse(value);
}

function refuse(code: ErrorCode, pointer: string, message: string): ParseResult<never> {
  return { ok: false, error: { code, pointer, message } };
}

/** An object or array that the scan is inside of. */
interface Level {
  /** The names seen so far; none for an array, and none where names are not looked at. */
  names: Set<string> | undefined;
  /** The pointer of the level itself. */
  pointer: string;
  /** Whether the level is part of a payload. */
  payload: boolean;
  /** The member that comes next or is being read. */
  name: string;
}

// One token of a text that is known to be JSON: a string, a bracket, a number. The rest is of no interest.
const TOKEN = /"(?:[^"\\]|\\.)*"|[[\]{}]|-?[0-9][0-9.eE+-]*/g;
const LONE_SURROGATE = /\p{Surrogate}/u;
const SURROGATES = /\p{Surrogate}/gu;

/** The first fault of a text that `JSON.parse` has taken. */
function textFault(text: string): ParseResult<never> | undefined {
  const levels: Level[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    const token = match[0];
    const level = levels[levels.length - 1];
    switch (token[0]) {
      case "{":
      case "[":
        if (levels.length === MAX_DEPTH) {
          return refuse(
            "too-deep",
            "",
            `found more than ${MAX_DEPTH} nested levels; expected at most ${MAX_DEPTH}`,
          );
        }
        levels.push(enter(level, token === "{"));
        break;
      case "}":
      case "]":
        levels.pop();
        break;
      case '"': {
        const string = token.includes("\\") ? (JSON.parse(token) as string) : token.slice(1, -1);
        if (LONE_SURROGATE.test(string)) {
          return refuse(
            "invalid-json",
            "",
            "found half of a surrogate pair in a string; expected whole characters",
          );
        }
        if (level?.names !== undefined && isName(text, TOKEN.lastIndex)) {
          if (level.names.has(string) && !level.payload) {
            const pointer = below(level.pointer, string);
            const name = JSON.stringify(string);
            return refuse(
              "duplicate-member",
              pointer,
              `found the member ${name} a second time at ${pointer}; expected each member once`,
            );
          }
          level.names.add(string);
          level.name = string;
        }
        break;
      }
      default:
        if (!Number.isFinite(Number(token))) {
          const shown = token.slice(0, 40);
          return refuse(
            "invalid-json",
            "",
            `found the number ${shown}, which is past what a double can hold (RFC 7493, section 2.2)`,
          );
        }
    }
  }
  return undefined;
}

function enter(holder: Level | undefined, isObject: boolean): Level {
  const payload = holder !== undefined && (holder.payload || PAYLOADS.has(holder.name));
  const pointer = holder === undefined || payload ? "" : below(holder.pointer, holder.name);
  return { names: isObject ? new Set() : undefined, pointer, payload, name: "" };
}

function below(pointer: string, name: string): string {
  return `${pointer}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** Whether the string that ends at `index` is a member's name: then a colon follows. */
function isName(text: string, index: number): boolean {
  let at = index;
  while (text.charCodeAt(at) <= 0x20) {
    at += 1;
  }
  return text[at] === ":";
}
