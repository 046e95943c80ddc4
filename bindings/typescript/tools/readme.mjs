// Takes the first TypeScript example of each package's README and puts it beside the package's tests, where it is typed
// and run like everything else (test/readme.test.ts).
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";

const PACKAGES = new URL("../packages/", import.meta.url);
const EXAMPLE = /^```ts\n(.*?)^```$/ms;

/** The packages, by the names of their folders. */
export const packages = readdirSync(PACKAGES).sort();

/** Where the example of a package is put. */
export const place = (name) => new URL(`${name}/test/generated/readme.ts`, PACKAGES);

/** Puts every example in its place; gives the packages that have none. */
export function extract() {
  const without = [];
  for (const name of packages) {
    const readme = new URL(`${name}/README.md`, PACKAGES);
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
    console.error(`packages/${name}/README.md has no example in TypeScript`);
    process.exitCode = 1;
  }
}
