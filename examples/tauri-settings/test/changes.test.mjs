// How a window sends its changes: `node --test test/` (Node's own runner, so that the example needs no other).
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const { outputFiles } = await build({
  entryPoints: [fileURLToPath(new URL("../src/changes.ts", import.meta.url))],
  bundle: true,
  format: "esm",
  write: false,
});
const { createChanges } = await import(
  `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`
);

/** Changes to a backend that answers when the test says so. */
function setUp() {
  const sent = [];
  const errors = [];
  const send = (change) =>
    new Promise((resolve, reject) => {
      sent.push({ change, resolve, reject });
    });
  const changes = createChanges(send, (error) => errors.push(error));
  const answer = async (settle) => {
    settle(sent.at(-1));
    await new Promise(setImmediate);
  };
  return { changes, sent, errors, answer };
}

test("one change is on its way at a time, and the last value of each member arrives", async () => {
  const { changes, sent, answer } = setUp();
  for (let size = 1; size <= 200; size++) changes.make({ size });
  changes.make({ dark: true });
  assert.deepEqual(
    sent.map(({ change }) => change),
    [{ size: 1 }],
  );
  await answer(({ resolve }) => resolve("1"));
  assert.deepEqual(sent.at(-1).change, { size: 200, dark: true });
  await answer(({ resolve }) => resolve("2"));
  assert.equal(sent.length, 2);
});

test("a change stays on top until a snapshot has it", async () => {
  const { changes, answer } = setUp();
  const shown = (name, revision) => changes.over({ name, size: 16 }, revision).name;
  changes.make({ name: "A" });
  changes.make({ name: "AB" });
  assert.equal(shown("", "0"), "AB");
  await answer(({ resolve }) => resolve("9"));
  await answer(({ resolve }) => resolve("10"));
  assert.equal(shown("A", "9"), "AB", "a snapshot that was overtaken takes no letter away");
  assert.equal(shown("AB", "10"), "AB");
  assert.equal(shown("of the other window", "11"), "of the other window");
});

test("a refused change is told, is no longer shown, and the next one is sent", async () => {
  const { changes, sent, errors, answer } = setUp();
  changes.make({ size: 99 });
  changes.make({ dark: true });
  await answer(({ reject }) => reject("at most 24"));
  assert.deepEqual(errors, ["at most 24"]);
  assert.deepEqual(changes.over({ size: 16, dark: false }, "0"), { size: 16, dark: true });
  assert.deepEqual(sent.at(-1).change, { dark: true });
});
