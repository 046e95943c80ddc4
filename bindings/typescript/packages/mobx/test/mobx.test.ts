import * as mobx from "mobx";
import { describeMobX } from "./stores.js";

describeMobX("mobx 7", mobx);
