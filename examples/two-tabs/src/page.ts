import type { Action, Item, List } from "./list.js";

/** What is on the screen; it knows nothing of tabs. */
export function createPage(act: (action: Action) => void) {
  const element = <E extends HTMLElement>(id: string) => {
    const found = document.getElementById(id);
    if (found === null) {
      throw new Error(`index.html has no element with the id ${id}`);
    }
    return found as E;
  };
  const form = element<HTMLFormElement>("form");
  const text = element<HTMLInputElement>("text");
  const list = element<HTMLUListElement>("list");
  const tidy = element<HTMLButtonElement>("tidy");
  const left = element("left");
  const error = element("error");

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const given = text.value.trim();
    if (given !== "") {
      act({ type: "add", id: crypto.randomUUID(), text: given });
      text.value = "";
    }
  });
  list.addEventListener("change", ({ target }) => {
    const { id } = (target as HTMLElement).closest("li")?.dataset ?? {};
    if (id !== undefined) {
      act({ type: "toggle", id });
    }
  });
  tidy.addEventListener("click", () => act({ type: "tidy" }));

  /** The rows by the ids of their items: what stays keeps its element, and so the focus. */
  const rows = new Map<string, { row: HTMLLIElement; box: HTMLInputElement }>();
  const rowOf = ({ id, text }: Item) => {
    const row = document.createElement("li");
    const label = document.createElement("label");
    const box = document.createElement("input");
    const words = document.createElement("span");
    row.dataset.id = id;
    box.type = "checkbox";
    words.textContent = text;
    label.append(box, words);
    row.append(label);
    return { row, box };
  };

  return {
    showList({ items }: List) {
      for (const [id, { row }] of rows) {
        if (!items.some((item) => item.id === id)) {
          row.remove();
          rows.delete(id);
        }
      }
      for (const [index, item] of items.entries()) {
        const shown = rows.get(item.id) ?? rowOf(item);
        rows.set(item.id, shown);
        shown.box.checked = item.done;
        const there = list.children[index] ?? null;
        if (there !== shown.row) {
          list.insertBefore(shown.row, there);
        }
      }
      const open = items.filter(({ done }) => !done).length;
      left.textContent =
        items.length === 0 ? "Nothing on the list yet." : `${open} of ${items.length} to get`;
      tidy.disabled = open === items.length;
      error.hidden = true;
    },
    showPlace(revision: string, isSource: boolean) {
      element("revision").textContent = `revision ${revision}`;
      element("role").textContent = isSource ? "this tab is the source" : "another tab is the source";
    },
    showStatus(status: string) {
      element("status").textContent = status;
      document.body.dataset.status = status;
    },
    showError(failure: unknown) {
      error.textContent = failure instanceof Error ? failure.message : String(failure);
      error.hidden = false;
    },
  };
}
