// Takes the first TypeScript example of each package's README and puts it beside the package's tests, where it is typed
// and run like everything else (test/readme.test.ts).
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";

const PACKAGES = new URL("../packages/", import.meta.url);
const EXAMPLE = /^```ts\n(.*?)^```$/ms;

/** The packages, by the names of their folders. */
export const packages = readdirSync(PACKAGES).sort();

/** What has a README with an example: the packages, and the repository itself. */
export const documents = ["state-sync", ...packages];

const folder = (name) =>
  name === "state-sync" ? new URL("../", import.meta.url) : new URL(`${name}/`, PACKAGES);
const document = (name) => new URL(name === "state-sync" ? "../../README.md" : "README.md", folder(name));

/** Where an example is put. */
export const place = (name) => new URL("test/generated/readme.ts", folder(name));

/** Puts every example in its place; gives the packages that have none. */
export function extract() {
  const without = [];
  for (const name of documents) {
    const readme = document(name);
    const example = existsSync(readme) ? EXAMPLE.exec(readFileSync(readme, "utf8"))?.[1] : undefined;
    if (example === undefined) {
      without.push(name);
      continue;
    }
    mkdirSync(new URL(".", place(name)), { recursive: true });
    writeFileSync(place(name), `// The example of README.md.\n${example}\nexport {};\n`);
  }
  return without;
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  for (const name of extract()) {
    console.error(`the README of ${name} has no example in TypeScript`);
    process.exitCode = 1;
  }
}
