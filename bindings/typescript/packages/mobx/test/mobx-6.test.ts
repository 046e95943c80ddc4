import * as mobx from "mobx-6";
import { vi } from "vitest";
import { describeMobX } from "./stores.js";

// The applier's own import of MobX is the previous major version here: the real library, under another name.
vi.mock("mobx", () => import("mobx-6"));

describeMobX("mobx 6", mobx as never);
