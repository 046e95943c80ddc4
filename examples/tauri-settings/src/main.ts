// A window: it shows what the backend says, and asks the backend for changes.
import type { Revision } from "@statesync/core";
import { createTauriRevisionSync } from "@statesync/tauri";
import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import { getCurrentWindow } from "@tauri-apps/api/window";
import { createChanges } from "./changes.js";
import { createPage } from "./page.js";
import { parseTopic, type Settings, topics } from "./statesync/index.js";

const changes = createChanges<Settings>(
  (change) => invoke<Revision>("change_settings", { change }),
  (error) => {
    page.showProblem(error);
    void sync.refresh();
  },
);
const page = createPage({
  window: getCurrentWindow().label,
  onChange: changes.make,
  onOpen: () => invoke("open_window").catch((error: unknown) => page.showProblem(error)),
});

const sync = createTauriRevisionSync<Settings>({
  topic: topics.settings,
  listen,
  invoke,
  eventName: "state-sync:invalidated",
  commandName: "plugin:state-sync|get_snapshot",
  args: { topic: topics.settings },
  applier: { apply: ({ data, revision }) => page.show(changes.over(checked(data), revision), revision) },
  onError: ({ error }) => page.showProblem(error),
});
sync.subscribe((status) => page.showStatus(status));
await sync.start();

/** The backend was built with the same types; this holds it to them. */
function checked(data: unknown): Settings {
  const result = parseTopic(topics.settings, data);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}
