/** How deep data may nest, so that a record, which adds two levels, is a message that can be read (MSG-10). */
const MAX_LEVELS = 125;

/** Strings that JSON writes as they are: no quotation mark, backslash, control character or half of a pair. */
const PLAIN = /^[ !#-[\]-\ud7ff\ue000-\uffff]*$/;
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * The canonical form of a JSON value (RFC 8785): members sorted by the UTF-16 code units of their names, numbers and
 * strings as ECMAScript writes them.
 *
 * @throws {TypeError} Where the value is no JSON value that I-JSON allows (PRS-4), with the place as a JSON Pointer. A
 * member that is `undefined` counts as absent.
 */
export function canonicalForm(value: unknown): string {
  const place: string[] = [];
  try {
    return write(value, 0, place);
  } catch (error) {
    throw new TypeError(`found ${(error as Error).message} at "${place.join("")}"; expected JSON (RFC 7493)`);
  }
}

function write(value: unknown, depth: number, place: string[]): string {
  switch (typeof value) {
    case "string":
      return quote(value);
    case "number":
      return Number.isFinite(value) ? `${value}` : refuse(value);
    case "boolean":
      return value ? "true" : "false";
    case "object":
      return value === null ? "null" : nest(value, depth, place);
    default:
      return refuse(typeof value);
  }
}

/** @param place - Where a fault is, from its end to its beginning, once there is one. */
function nest(value: object, depth: number, place: string[]): string {
  let text = "";
  let at: string | number | undefined;
  try {
    if (depth >= MAX_LEVELS) {
      refuse(`more than ${MAX_LEVELS} levels, or a cycle,`);
    }
    if (Array.isArray(value)) {
      for (at = 0; at < value.length; at++) {
        if (at > 0) {
          text += ",";
        }
        text += write(value[at], depth + 1, place);
      }
      return `[${text}]`;
    }
    const prototype = Object.getPrototypeOf(value);
    if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
      refuse(`an instance of ${value.constructor?.name}`);
    }
    for (at of Object.keys(value).sort()) {
      const member = (value as Record<string, unknown>)[at];
      if (member !== undefined) {
        text += `${(text && ",") + quote(at)}:${write(member, depth + 1, place)}`;
      }
    }
    return `{${text}}`;
  } catch (error) {
    if (at !== undefined) {
      place.unshift(`/${`${at}`.replaceAll("~", "~0").replaceAll("/", "~1")}`);
    }
    throw error;
  }
}

function quote(text: string): string {
  return PLAIN.test(text)
    ? `"${text}"`
    : LONE_SURROGATE.test(text)
      ? refuse("half of a surrogate pair")
      : JSON.stringify(text);
}

function refuse(found: unknown): never {
  throw new TypeError(`${found}`);
}
