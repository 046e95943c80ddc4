/** How current the copy is (chapter 6, "Status and figures"). */
export type SyncStatus = "idle" | "starting" | "live" | "stale" | "stopped";
