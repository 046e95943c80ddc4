import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";

/**
 * The built package, imported and used in a Node process of its own without a DOM, as ESM and as CommonJS.
 *
 * @param name - The package.
 * @param use - An expression that makes an applier of `it`, the package, and of what the expression loads by
 * `await load(name)`.
 */
export function runsInPlainNode(name: string, use: string, folder: string): void {
  test.each([
    ["ESM", `const load = (name) => import(name);`, "module"],
    ["CommonJS", `const load = async (name) => require(name);`, "commonjs"],
  ])(`${name} is imported and used in plain Node, as %s`, (_, load, type) => {
    const code = `
      ${load}
      (async () => {
        const it = await load(${JSON.stringify(name)});
        const made = await (async () => ${use})();
        console.log(typeof document, typeof window, typeof made.apply);
      })();`;
    const out = execFileSync(process.execPath, [`--input-type=${type}`, "--eval", code], {
      cwd: folder,
      encoding: "utf8",
    });
    expect(out.trim()).toBe("undefined undefined function");
  });
}
