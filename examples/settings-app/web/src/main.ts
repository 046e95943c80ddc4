import { parseTopic, type Topics } from "./statesync/index.js";

/** The style of the page; the type of the settings follows from the name of the topic. */
export function style(settings: Topics["settings"]): string {
  const ground = settings.theme === "dark" ? "black" : "white";
  return `background: ${ground}; font-size: ${settings.fontSize}pt`;
}

/** The style for data that came from the backend, or what is wrong with the data. */
export function styleOf(data: unknown): string {
  const result = parseTopic("settings", data);
  return result.ok ? style(result.value) : `${result.error.code} at ${result.error.pointer}: ${result.error.message}`;
}
