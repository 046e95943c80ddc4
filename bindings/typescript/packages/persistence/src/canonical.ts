/** How deep data may nest, so that a record, which adds two levels, is a message that can be read (MSG-10). */
const MAX_LEVELS = 125;

const LONE_SURROGATE = /\p{Surrogate}/u;

/** What keeps a value from being JSON, and where it is (a JSON Pointer). */
interface Fault {
  readonly found: unknown;
  at: string;
}

/**
 * The canonical form of a JSON value (RFC 8785): members sorted by the UTF-16 code units of their names, numbers and
 * strings as ECMAScript writes them.
 *
 * @throws {TypeError} Where the value is no JSON value that I-JSON allows (PRS-4), with the place as a JSON Pointer. A
 * member that is `undefined` counts as absent.
 */
export const canonicalForm = (value: unknown): string => jsonText(value, sorted);

/**
 * The JSON text of a value, which is as long as its canonical form: only the order of members differs.
 *
 * @throws {TypeError} As `canonicalForm`.
 */
export function jsonText(value: unknown, write: (value: unknown) => string = JSON.stringify): string {
  let fault = faultOf(value, 0, false);
  let text = "";
  if (!fault) {
    text = write(value);
    // JSON text has half of a surrogate pair as an escape; so it need not be looked for in each string.
    fault = text.includes("\\ud") ? faultOf(value, 0, true) : fault;
  }
  if (fault) {
    throw new TypeError(`found ${fault.found} at "${fault.at}"; expected JSON (RFC 7493)`);
  }
  return text;
}

/** @param strings - Whether strings and names are looked at too. */
function faultOf(value: unknown, depth: number, strings: boolean): Fault | undefined {
  let found: unknown = typeof value;
  if (found === "object" && value) {
    const isList = Array.isArray(value);
    const prototype = isList ? null : Object.getPrototypeOf(value);
    if (depth >= MAX_LEVELS) {
      found = `more than ${MAX_LEVELS} levels, or a cycle,`;
    } else if (prototype && Object.getPrototypeOf(prototype)) {
      found = `an instance of ${value.constructor?.name}`;
    } else {
      const members: readonly unknown[] = isList ? value : Object.values(value);
      const names = strings && !isList ? Object.keys(value) : undefined;
      for (let index = 0; index < members.length; index++) {
        const member = members[index];
        const fault =
          (names && faultOf(names[index], 0, true)) ||
          (isList || member !== undefined ? faultOf(member, depth + 1, strings) : undefined);
        if (fault) {
          const name = isList ? index : Object.keys(value)[index];
          fault.at = `/${`${name}`.replaceAll("~", "~0").replaceAll("/", "~1")}${fault.at}`;
          return fault;
        }
      }
      return undefined;
    }
  } else if (found === "number" ? Number.isFinite(value) : value === null || found === "boolean") {
    return undefined;
  } else if (found === "number") {
    found = value;
  } else if (found === "string") {
    if (!strings || !LONE_SURROGATE.test(value as string)) {
      return undefined;
    }
    found = "half of a surrogate pair";
  }
  return { found, at: "" };
}

/** The canonical form of what is JSON. */
function sorted(value: unknown): string {
  if (typeof value !== "object" || value === null) {
    return JSON.stringify(value);
  }
  const members = value as Record<string, unknown>;
  return Array.isArray(value)
    ? `[${value.map(sorted)}]`
    : `{${Object.keys(members)
        .filter((name) => members[name] !== undefined)
        .sort()
        .map((name) => `${JSON.stringify(name)}:${sorted(members[name])}`)}}`;
}
