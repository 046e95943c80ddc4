import { canonicalForm } from "./canonical.js";
import type { MaybePromise } from "./port.js";

/** One step: from the data of a schema version to that of the next one. It may take time. */
// biome-ignore lint/suspicious/noExplicitAny: what an older version of the application wrote has no type any more.
export type MigrationStep = (data: any) => MaybePromise<unknown>;

/** Leads data of older schema versions to the current one (chapter 7, "Migration"). */
export interface MigrationHandler<T = unknown> {
  /** The schema version that the steps lead to. */
  readonly currentVersion: number;
  /** The steps, by the version from which each of them leads to the next one. */
  readonly migrations: Readonly<Record<number, MigrationStep>>;
  /** The application's check of what comes out; `false`, or an error thrown, refuses it. It answers at once. */
  readonly validator?: (data: T) => unknown;
}

/**
 * Leads data through the steps, each exactly once (PRS-21).
 *
 * @throws Where a step is missing, fails, or gives no JSON (PRS-22).
 */
export async function runMigration(
  data: unknown,
  from: number,
  migration: MigrationHandler<never> | null | undefined,
): Promise<unknown> {
  if (!migration) {
    throw new TypeError("expected the option migration");
  }
  const { currentVersion, migrations } = migration;
  let migrated = data;
  for (let version = from; version < currentVersion; version++) {
    const step = Object.hasOwn(migrations, version) ? migrations[version] : undefined;
    if (!step) {
      throw new RangeError(`there is no step from schema version ${version}; add it to the migration`);
    }
    migrated = await step(migrated);
    canonicalForm(migrated);
  }
  return migrated;
}
