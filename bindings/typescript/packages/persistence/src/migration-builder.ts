import { type MigrationHandler, type MigrationStep, runMigration } from "./migration.js";
import { isAccepted } from "./validator.js";

/** Collects the steps of a migration. */
export interface MigrationBuilder<T> {
  /** Adds the step from this schema version to the next one. */
  addMigration(from: number, step: MigrationStep): MigrationBuilder<T>;
  /** Sets the check of what comes out. */
  withValidator(validator: (data: T) => unknown): MigrationBuilder<T>;
  /**
   * The migration to this version.
   *
   * @throws {RangeError} Where a step is missing between the oldest and this version, or leads past it (PRS-25).
   */
  build(version: number): MigrationHandler<T>;
}

/** A builder that refuses a migration with a gap when it is built, not when it meets a user's data. */
export function createMigrationBuilder<T = unknown>(): MigrationBuilder<T> {
  const migrations: Record<number, MigrationStep> = {};
  let check: ((data: T) => unknown) | undefined;
  const builder: MigrationBuilder<T> = {
    addMigration(from, step) {
      refuseUnless(isVersion(from), `found a step from version ${from}; expected an integer from 0 on`);
      refuseUnless(!Object.hasOwn(migrations, from), `found two steps from version ${from}; expected one`);
      migrations[from] = step;
      return builder;
    },
    withValidator(validator) {
      check = validator;
      return builder;
    },
    build(version) {
      refuseUnless(isVersion(version), `found the version ${version}; expected an integer from 0 on`);
      const from = Object.keys(migrations).map(Number);
      for (let step = Math.min(version, ...from); step < version; step++) {
        refuseUnless(
          Object.hasOwn(migrations, step),
          `there is no step from version ${step}; expected one from each to ${version - 1}`,
        );
      }
      const last = Math.max(-1, ...from);
      refuseUnless(
        last < version,
        `found a step from version ${last}, past ${version}; build the version ${last + 1}`,
      );
      return {
        currentVersion: version,
        migrations: { ...migrations },
        ...(check === undefined ? {} : { validator: check }),
      };
    },
  };
  return builder;
}

/**
 * A migration in one call.
 *
 * @param version - The schema version that it leads to.
 * @param steps - The steps by the version from which each leads; or the one step from `version - 1`.
 */
export function createSimpleMigration<T = unknown>(
  version: number,
  steps: MigrationStep | Readonly<Record<number, MigrationStep>>,
  validator?: (data: T) => unknown,
): MigrationHandler<T> {
  const builder = createMigrationBuilder<T>();
  const all = typeof steps === "function" ? { [version - 1]: steps } : steps;
  for (const [from, step] of Object.entries(all)) {
    builder.addMigration(Number(from), step);
  }
  if (validator !== undefined) {
    builder.withValidator(validator);
  }
  return builder.build(version);
}

/** How a migration went. */
export type MigrationResult<T> =
  | { success: true; data: T; fromVersion: number; toVersion: number }
  | { success: false; error: unknown; fromVersion: number; toVersion: number };

/** Leads data of a schema version to the current one. It does not fail: the result says how it went. */
export async function migrateData<T>(
  data: unknown,
  fromVersion: number,
  handler: MigrationHandler<T>,
): Promise<MigrationResult<T>> {
  const versions = { fromVersion, toVersion: handler.currentVersion };
  try {
    refuseUnless(
      fromVersion <= handler.currentVersion,
      `found data of version ${fromVersion}, newer than ${handler.currentVersion}; expected an older one`,
    );
    const migrated = (await runMigration(data, fromVersion, handler)) as T;
    refuseUnless(isAccepted(handler.validator, migrated), "the validator refuses the migrated data");
    return { success: true, data: migrated, ...versions };
  } catch (error) {
    return { success: false, error, ...versions };
  }
}

/** Whether data of this schema version has to be migrated. */
export function needsMigration(version: number, handler: MigrationHandler<never>): boolean {
  return version < handler.currentVersion;
}

/**
 * The versions that data of this one goes through, both ends included.
 *
 * @returns Nothing where a step is missing, or where the version is newer than the current one.
 */
export function getMigrationPath(from: number, handler: MigrationHandler<never>): number[] | undefined {
  const path = [from];
  for (let version = from; version < handler.currentVersion; version++) {
    if (!Object.hasOwn(handler.migrations, version)) {
      return undefined;
    }
    path.push(version + 1);
  }
  return from <= handler.currentVersion ? path : undefined;
}

function isVersion(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function refuseUnless(holds: boolean, message: string): void {
  if (!holds) {
    throw new RangeError(message);
  }
}
