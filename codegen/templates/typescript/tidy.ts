/** What parsers do to a value that has passed: nulls of optional members out, payloads through their own parser. */

import { plain } from "./checks.js";
import type { ParseResult, Parser } from "./result.js";

/** The object without the named members where they are null; the object itself where there is nothing to leave out. */
export function withoutNulls(value: any, names: readonly string[]): any {
  const object = plain(value);
  let result = object;
  for (const name of names) {
    if (object[name] === null) {
      if (result === object) result = { ...object };
      delete result[name];
    }
  }
  return result;
}

/** The object with another value for a member; the object itself where it is the same value. */
export function withMember(object: any, name: string, value: unknown): any {
  return object[name] === value ? object : { ...object, [name]: value };
}

/** The value with what is at `path` replaced by what `parser` makes of it, or the parser's error, with the place in front. */
export function within(value: any, path: readonly string[], parser: Parser<unknown>): ParseResult<any> {
  const [name, ...rest] = path;
  if (name === undefined) return parser(value);
  const result = within(value[name], rest, parser);
  if (result.ok) return { ok: true, value: withMember(value, name, result.value) };
  return { ok: false, error: { ...result.error, pointer: `/${name}${result.error.pointer}` } };
}
