// Compiled by the tests with svelte/compiler, as a bundler's plugin would: real runes, no DOM.

export function make(members) {
  const state = $state({
    ...members,
    louder() {
      state.volume = 11;
    },
    get double() {
      return (state.volume ?? 0) * 2;
    },
  });
  return state;
}

export class SettingsStore {
  theme = $state("dark");
  volume = $state(5);
  layout = $state({ left: { width: 1 }, right: { width: 2 } });
  tags = $state(["a", "b"]);
  double = $derived(this.volume * 2);
  get loud() {
    return this.volume > 10;
  }
  louder() {
    this.volume = 11;
  }
}

/** Calls back after each change of what `read` reads. */
export function observe(read, changed) {
  let first = true;
  return $effect.root(() => {
    $effect(() => {
      read();
      if (!first) changed();
      first = false;
    });
  });
}
