import { parseTopic, type Topics, topics } from "./statesync/index.js";

/** How many people are on a line; the type of the payload follows from the name of the topic. */
export function peopleOn(line: number, cursors: Topics["presence/cursors"]): number {
  return Object.values(cursors).filter((cursor) => cursor.line === line).length;
}

/** The same for data from outside: -1 where it is no payload of the topic. */
export function peopleOnLine(line: number, data: unknown): number {
  const result = parseTopic(topics["presence/cursors"], data);
  return result.ok ? peopleOn(line, result.value) : -1;
}
