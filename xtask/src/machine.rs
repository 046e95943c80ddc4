//! What has to be on the machine and no package registry of a language brings: a browser, a webview, a display.

use crate::repository::version;
use std::{env, path::Path, process::Command};

/// Something that Debian's packages bring.
pub struct Need {
    /// What it is, for people.
    pub what: &'static str,
    /// The packages.
    pub packages: &'static [&'static str],
    /// Whether it is there.
    pub is_there: fn() -> bool,
}

/// A Chromium that can be driven: the one of the variable `CHROME`, or one of the system.
pub const BROWSER: Need =
    Need { what: "Chromium", packages: &["chromium"], is_there: || chromium().is_some() };

/// What a Tauri window needs to be built and driven without a screen.
pub const WEBVIEW: Need = Need {
    what: "WebKitGTK, its driver and Xvfb",
    packages: &["libwebkit2gtk-4.1-dev", "webkit2gtk-driver", "xvfb", "xauth"],
    is_there: || {
        let has_headers = Command::new("pkg-config")
            .args(["--exists", "webkit2gtk-4.1"])
            .status()
            .is_ok_and(|it| it.success());
        has_headers && on_path("WebKitWebDriver").is_some() && on_path("Xvfb").is_some()
    },
};

/// Sees to it that something is there: installs it where that is possible without asking anybody, which is as root on
/// a Debian; says otherwise what a person has to install.
pub fn see_to(need: &Need) -> Result<(), String> {
    if (need.is_there)() {
        return Ok(());
    }
    let by_hand = format!("{} is missing; install {}", need.what, need.packages.join(", "));
    if !Path::new("/etc/debian_version").exists() || !is_root() || version("apt-get", "--version").is_none() {
        return Err(by_hand);
    }
    apt_get(&["update", "--quiet"])
        .and_then(|()| {
            apt_get(&[&["install", "--yes", "--quiet", "--no-install-recommends"], need.packages].concat())
        })
        .map_err(|error| format!("{by_hand} (apt-get: {error})"))?;
    if (need.is_there)() { Ok(()) } else { Err(by_hand) }
}

/// Where Chromium is.
pub fn chromium() -> Option<String> {
    if let Ok(chosen) = env::var("CHROME") {
        return Some(chosen);
    }
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"].into_iter().find_map(on_path)
}

fn on_path(program: &str) -> Option<String> {
    env::split_paths(&env::var_os("PATH")?)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
        .map(|file| file.to_string_lossy().into_owned())
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output();
    output.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

fn apt_get(arguments: &[&str]) -> Result<(), String> {
    let output = Command::new("apt-get").args(arguments).env("DEBIAN_FRONTEND", "noninteractive").output();
    match output {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr);
            Err(said.lines().last().unwrap_or("failed without a word").to_owned())
        }
        Err(error) => Err(error.to_string()),
    }
}
