#!/usr/bin/env bash
# Everything that holds the Tauri plugin and examples/tauri-settings: format, lints, the page, tests, and the
# application driven in real windows. Needs Node, WebKitGTK's headers, its driver and Xvfb; `cargo xtask test` installs them where
# it may, and calls this.
set -euo pipefail
shopt -s nullglob
cd "$(dirname "$0")"
root="$(cd ../../.. && pwd)"

# A build of its own, beside the other ones; without what only a debugger reads.
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$root/target/tauri}"
export CARGO_PROFILE_DEV_DEBUG=0 CARGO_INCREMENTAL=0
# The build script compares the generated TypeScript with the Rust types and writes nothing.
export STATE_SYNC_CHECK=1

missing=()
pkg-config --exists webkit2gtk-4.1 || missing+=(libwebkit2gtk-4.1-dev)
command -v WebKitWebDriver > /dev/null || missing+=(webkit2gtk-driver)
command -v Xvfb > /dev/null || missing+=(xvfb)

run() {
  echo "\$ $*"
  "$@"
}

run cargo fmt --all --check
if [[ " ${missing[*]} " == *" libwebkit2gtk-4.1-dev "* ]]; then
  echo "skipped: everything that needs a build, as WebKitGTK's headers are missing; install ${missing[*]} (Debian's names)"
  exit 0
fi

# First the page: the application takes it into its binary.
example="$root/examples/tauri-settings"
run node "$example/build.mjs"
run node --test "$example/test/changes.test.mjs"
biome="$example/node_modules/.bin/biome"
run "$biome" check --config-path "$root/bindings/typescript" "$example"/{src,test}/*.{ts,mjs,css,html} "$example"/*.mjs

# All of the workspace each time: a part of it would ask Tauri for other features, and compile it once more.
run cargo clippy --workspace --all-targets --all-features --locked -- -D warnings
run cargo test --workspace --locked
if ((${#missing[@]} > 0)); then
  echo "skipped: the application in real windows, as ${missing[*]} is missing (Debian's names)"
  exit 0
fi
run cargo test --workspace --locked --test driven -- --ignored
