import { createRevisionSync } from "@statesync/core";
import {
  createLocalStorageBackend,
  createPersistenceApplier,
  loadPersistedSnapshot,
} from "@statesync/persistence";
import { createTabSource } from "@statesync/web";
import { type Action, EMPTY, type List, reduce } from "./list.js";
import { createPage } from "./page.js";

const topic = "shopping";
const storage = createLocalStorageBackend<List>({ key: "two-tabs" });

/** What was on the list when the last tab was closed. */
async function keptList(): Promise<List> {
  let kept = EMPTY;
  await loadPersistedSnapshot<List>(storage, {
    apply({ data }) {
      kept = data;
    },
  });
  return kept;
}

// One of the tabs is the source of the list; when it is closed, another one is.
const source = createTabSource<List, Action>({ topic, channelName: "two-tabs", initial: keptList, reduce });

const page = createPage((action) => {
  source.dispatch(action).catch(page.showError);
});

const sync = createRevisionSync<List>({
  topic,
  subscriber: source.subscriber,
  provider: source.provider,
  applier: createPersistenceApplier<List>({
    storage,
    applier: {
      apply({ data, revision }) {
        page.showList(data);
        page.showPlace(revision, source.isSource);
      },
    },
    onPersistenceError: page.showError,
  }),
  onError: ({ error }) => page.showError(error),
});

sync.subscribe(page.showStatus);
await sync.start();
