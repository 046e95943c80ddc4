/** `invoke` of `@tauri-apps/api/core`. */
export type TauriInvoke = (command: string, args?: Record<string, unknown>) => Promise<unknown>;

/**
 * A command that failed. What the backend rejected with is the cause; where it is an object that says `retryable` or
 * `retryAfterMs`, the engine honours it (ENG-66).
 */
export class TauriCommandError extends Error {
  override readonly name = "TauriCommandError";
  /** `false` where the backend says that another attempt is of no use. */
  readonly retryable: boolean;
  /** How long the backend asks to wait, in milliseconds. */
  readonly retryAfterMs?: number;

  constructor(
    /** The name of the command. */
    readonly command: string,
    cause: unknown,
  ) {
    const said = Object(cause) as { message?: unknown; retryable?: unknown; retryAfterMs?: unknown };
    super(`the command ${JSON.stringify(command)} failed: ${said.message ?? describe(cause)}`, { cause });
    this.retryable = said.retryable !== false;
    if (typeof said.retryAfterMs === "number") {
      this.retryAfterMs = said.retryAfterMs;
    }
  }
}

/** A Rust error arrives as whatever it serialises to: as a rule a text or an object. */
function describe(cause: unknown): string {
  return typeof cause === "object" ? JSON.stringify(cause) : String(cause);
}

/** Calls a command, and says which one where it fails. */
export async function callCommand(
  invoke: TauriInvoke,
  command: string,
  args?: Record<string, unknown>,
): Promise<unknown> {
  try {
    return await invoke(command, args);
  } catch (error) {
    throw new TauriCommandError(command, error);
  }
}
