//! The application as a user sees it: real windows of the built program. `test.sh` beside the plugin runs this where there are
//! a display server and WebKit's driver.

mod rig;

use std::{fs, path::Path};

use rig::{App, Display, Window};
use serde_json::json;

fn theme(window: &Window<'_>, expected: &str) {
    window.wait_for("document.documentElement.dataset.theme", &json!(expected));
}

fn greeting(window: &Window<'_>, expected: &str) {
    window.wait_for("document.querySelector('#greeting').textContent", &json!(expected));
}

fn snapshot(window: &Window<'_>) -> serde_json::Value {
    window.invoke("plugin:state-sync|get_snapshot", json!({ "topic": "settings" }))
}

/// Keeps pictures of windows for people to look at.
fn keep(name: &str, window: &Window<'_>) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pictures");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(format!("{name}.png")), window.picture()).unwrap();
}

#[test]
#[ignore = "needs Xvfb and WebKitWebDriver; bindings/rust/tauri/test.sh runs it"]
fn settings_changed_in_one_window_show_in_the_other_and_after_a_restart() {
    let display = Display::open();
    let data = tempfile::tempdir().unwrap();

    let app = App::launch(&display, data.path());
    let (first, second) = (app.window("window-1"), app.window("window-2"));
    theme(&second, "light");
    keep("light-1", &first);

    // By mouse in one window, by keyboard in the other.
    first.click(".segments input[value=dark] + span");
    theme(&second, "dark");
    second.type_into("input[name=name]", "Ada");
    greeting(&first, "Good morning, Ada");
    assert_eq!(second.value("document.querySelector('input[name=name]').value"), "Ada");
    first.click(".swatches input[value=plum] + span");
    second.wait_for("document.documentElement.dataset.accent", &json!("plum"));
    second.click(".switch .track");
    first.wait_for("document.querySelector('input[name=sounds]').checked", &json!(false));

    // A slider that is dragged: its last value arrives everywhere, with fewer changes than movements.
    let before = snapshot(&first)["revision"].as_str().unwrap().parse::<u64>().unwrap();
    first.run(
        "const slider = document.querySelector('input[type=range]');
         for (let step = 0; step < 200; step++) {
           slider.value = step === 199 ? 20 : 12 + step % 13;
           slider.dispatchEvent(new Event('input', { bubbles: true }));
         }",
    );
    second.wait_for("document.querySelector('#size').value", &json!("20 px"));
    first.wait_for("document.querySelector('#size').value", &json!("20 px"));
    let changes = snapshot(&first)["revision"].as_str().unwrap().parse::<u64>().unwrap() - before;
    assert!((1..=10).contains(&changes), "{changes} changes");

    // What the backend refuses changes nothing, and says why.
    let refused = first.invoke("change_settings", json!({ "change": { "fontSize": 99, "theme": "light" } }));
    assert_eq!(refused["rejected"]["code"], "refused");
    assert!(
        refused["rejected"]["message"].as_str().unwrap().contains("12 to 24 pixels, not 99"),
        "{refused}"
    );
    let unknown = first.invoke("plugin:state-sync|get_snapshot", json!({ "topic": "no such" }));
    assert_eq!(unknown["rejected"]["code"], "unknown-topic");
    assert_eq!(snapshot(&first)["data"]["theme"], "dark");

    // A window that is opened late has the current state; one that is closed leaves the others as they are.
    first.click("#open");
    let third = app.window("window-3");
    greeting(&third, "Good morning, Ada");
    third.close();
    first.type_into("input[name=name]", " L");
    greeting(&second, "Good morning, Ada L");
    keep("dark-1", &first);
    keep("dark-2", &second);

    // The process is killed, and the next one goes on where it was, in the same epoch.
    let kept = snapshot(&first);
    app.kill();
    let app = App::launch(&display, data.path());
    let (first, second) = (app.window("window-1"), app.window("window-2"));
    greeting(&first, "Good morning, Ada L");
    theme(&second, "dark");
    assert_eq!(snapshot(&second), kept);
    first.click(".segments input[value=light] + span");
    theme(&second, "light");
    let kept = snapshot(&first);
    app.kill();

    // A file that was cut in half: the version before, in a new epoch.
    let file = data.path().join("dev.statesync.tauri-settings/state-sync/settings.json");
    let text = fs::read(&file).unwrap();
    fs::write(&file, &text[..text.len() / 2]).unwrap();
    let app = App::launch(&display, data.path());
    let first = app.window("window-1");
    theme(&first, "dark");
    greeting(&first, "Good morning, Ada L");
    assert_ne!(snapshot(&first)["epoch"], kept["epoch"]);
    assert!(file.with_file_name("settings.json.damaged").exists());
}
