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
  return write(value, []);
}

function write(value: unknown, path: string[]): string {
  switch (typeof value) {
    case "string":
      return quote(value, path);
    case "number":
      return Number.isFinite(value) ? `${value}` : refuse(`${value}`, path);
    case "boolean":
      return `${value}`;
    case "object":
      return value === null ? "null" : nest(value, path);
    default:
      return refuse(typeof value, path);
  }
}

function nest(value: object, path: string[]): string {
  if (path.length >= MAX_LEVELS) {
    refuse(`more than ${MAX_LEVELS} levels, or a cycle,`, path);
  }
  let text = "";
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      path.push(`${index}`);
      text += (index ? "," : "") + write(value[index], path);
      path.pop();
    }
    return `[${text}]`;
  }
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    refuse(`an instance of ${value.constructor?.name}`, path);
  }
  for (const name of Object.keys(value).sort()) {
    const member = (value as Record<string, unknown>)[name];
    if (member !== undefined) {
      path.push(name);
      text += `${text && ","}${quote(name, path)}:${write(member, path)}`;
      path.pop();
    }
  }
  return `{${text}}`;
}

function quote(text: string, path: string[]): string {
  if (PLAIN.test(text)) {
    return `"${text}"`;
  }
  return LONE_SURROGATE.test(text) ? refuse("half of a surrogate pair", path) : JSON.stringify(text);
}

function refuse(found: string, path: string[]): never {
  const pointer = path.map((name) => `/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
  throw new TypeError(`found ${found} at "${pointer}"; expected JSON (RFC 7493)`);
}
