/** The state that the tabs share. Its data is JSON, and nothing changes it in place. */
export interface List {
  readonly items: readonly Item[];
}

export interface Item {
  readonly id: string;
  readonly text: string;
  readonly done: boolean;
}

/** What a user can do. */
export type Action =
  | { readonly type: "add"; readonly id: string; readonly text: string }
  | { readonly type: "toggle"; readonly id: string }
  | { readonly type: "tidy" };

export const EMPTY: List = { items: [] };

/** The list after an action. */
export function reduce({ items }: List, action: Action): List {
  switch (action.type) {
    case "add":
      return { items: [...items, { id: action.id, text: action.text, done: false }] };
    case "toggle":
      return { items: items.map((item) => (item.id === action.id ? { ...item, done: !item.done } : item)) };
    case "tidy":
      return { items: items.filter(({ done }) => !done) };
  }
}
