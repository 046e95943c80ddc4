import type { Revision } from "@statesync/core";
import type { Settings } from "./statesync/index.js";

export interface PageOptions {
  /** The label of the window. */
  readonly window: string;
  /** The user has changed members of the settings. */
  readonly onChange: (change: Partial<Settings>) => void;
  /** The user wants another window. */
  readonly onOpen: () => void;
}

/** The page of a window: inputs that show the settings and ask for changes, and a preview. */
export function createPage({ window, onChange, onOpen }: PageOptions) {
  const root = document.documentElement;
  const form = element("form", HTMLFormElement);
  const problem = element("problem", HTMLElement);

  element("window", HTMLElement).textContent = window.replace("-", " ");
  element("open", HTMLButtonElement).addEventListener("click", onOpen);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", ({ target }) => {
    if (target instanceof HTMLInputElement) {
      problem.hidden = true;
      onChange(changeOf(target));
    }
  });

  return {
    /** Shows the settings, and the revision that they have. */
    show(data: Settings, revision: Revision): void {
      root.dataset.ready = "";
      root.dataset.theme = data.theme;
      root.dataset.accent = data.accent;
      root.style.setProperty("--size", `${data.fontSize}px`);
      for (const input of form.querySelectorAll("input")) fill(input, data);
      element("size", HTMLOutputElement).value = `${data.fontSize} px`;
      element("revision", HTMLElement).textContent = revision;
      element("greeting", HTMLElement).textContent =
        data.name.trim() === "" ? "Good morning" : `Good morning, ${data.name.trim()}`;
      element("sounds", HTMLElement).textContent = data.sounds ? "Sounds are on" : "Sounds are off";
    },

    /** Shows whether the window is up to date. */
    showStatus(status: string): void {
      const text = element("status", HTMLElement);
      text.textContent = status;
      text.parentElement?.setAttribute("data-status", status);
    },

    /** Shows what went wrong. */
    showProblem(error: unknown): void {
      const message = (error as { message?: unknown } | null)?.message ?? error;
      problem.textContent = String(message);
      problem.hidden = false;
    },
  };
}

/** The change that an input stands for. Rust and the generated types hold it to what is allowed. */
function changeOf(input: HTMLInputElement): Partial<Settings> {
  const value = { checkbox: input.checked, range: input.valueAsNumber }[input.type] ?? input.value;
  return { [input.name]: value };
}

/** Makes an input show its member. One that shows it already is left alone, as is the place of the cursor in it. */
function fill(input: HTMLInputElement, settings: Settings): void {
  const value = settings[input.name as keyof Settings];
  if (input.type === "checkbox") {
    input.checked = value === true;
  } else if (input.type === "radio") {
    input.checked = input.value === value;
  } else if (input.value !== String(value)) {
    input.value = String(value);
  }
  if (input.type === "range") {
    const share = (input.valueAsNumber - Number(input.min)) / (Number(input.max) - Number(input.min));
    input.style.setProperty("--filled", `${Math.round(share * 100)}%`);
  }
}

function element<E extends HTMLElement>(id: string, type: new () => E): E {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`the page has no ${type.name} with the id ${id}`);
  return found;
}
