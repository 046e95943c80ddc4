//! The built application in real WebKitGTK windows on a display of its own, driven by WebKitWebDriver.

mod process;

use std::{
    fmt::Debug,
    net::{TcpListener, TcpStream},
    path::Path,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use fantoccini::{Client, ClientBuilder, Locator, error::CmdError};
use hyper_util::client::legacy::connect::HttpConnector;
use process::{Started, wait_until};
use serde_json::{Value, json};
use tauri::async_runtime::block_on;
use tokio::time::timeout;

/// How long anything may take: a slow machine takes seconds, and what is wrong takes for ever.
const PATIENCE: Duration = Duration::from_secs(60);

/// Between two looks, which leaves the application the processor.
const PAUSE: Duration = Duration::from_millis(10);

/// What comes of asking the driver, which must answer in time.
fn ask<T, E: Debug>(what: &str, answer: impl Future<Output = Result<T, E>>) -> T {
    let answer = block_on(async { timeout(PATIENCE, answer).await });
    let answer = answer.unwrap_or_else(|_| panic!("no answer after {PATIENCE:?}: {what}"));
    answer.unwrap_or_else(|error| panic!("{what}: {error:?}"))
}

/// An X server without a screen.
pub struct Display {
    name: String,
    _server: Started,
}

impl Display {
    pub fn open() -> Self {
        let mut command = Command::new("Xvfb");
        // Without -noreset it starts anew when its last client ends, and refuses the next one meanwhile.
        command.args(["-displayfd", "1", "-screen", "0", "1400x900x24", "-nolisten", "tcp", "-noreset"]);
        let (server, number) = Started::with_first_line(command);
        Self { name: format!(":{number}"), _server: server }
    }
}

/// A running application. Dropping it is no way in which a user would end it: everything is killed.
pub struct App {
    client: Client,
    driver: Started,
}

impl App {
    /// Starts the application, with its data in `data`.
    pub fn launch(display: &Display, data: &Path) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = Command::new("WebKitWebDriver");
        command
            .arg(format!("--port={port}"))
            .env("DISPLAY", &display.name)
            .env("GDK_BACKEND", "x11")
            .env("NO_AT_BRIDGE", "1")
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env("XDG_DATA_HOME", data)
            .env_remove("WAYLAND_DISPLAY");
        let driver = Started::new(command);
        wait_until("the driver listens", PATIENCE, || TcpStream::connect(("127.0.0.1", port)).is_ok());
        let options = json!({ "binary": env!("CARGO_BIN_EXE_tauri-settings"), "args": [] });
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities([("webkitgtk:browserOptions".to_owned(), options)].into_iter().collect());
        let url = format!("http://127.0.0.1:{port}");
        let client = ask("the application starts under the driver", builder.connect(&url));
        Self { client, driver }
    }

    /// The window of this label, once it is there and its page says that it is up to date.
    pub fn window(&self, label: &'static str) -> Window<'_> {
        let window = Window { app: self, label };
        let begun = Instant::now();
        while !window.select() {
            assert!(begun.elapsed() < PATIENCE, "there is no window {label}");
            thread::sleep(PAUSE);
        }
        window.wait_for("document.querySelector('#status')?.textContent", &json!("live"));
        window
    }

    /// Ends the application as a crash would.
    pub fn kill(self) {
        self.driver.kill_descendants();
    }
}

/// A window of the application. The driver looks at one at a time, so each call selects it first.
pub struct Window<'a> {
    app: &'a App,
    label: &'static str,
}

impl Window<'_> {
    /// Makes the driver look at this window; gives whether it is there.
    fn select(&self) -> bool {
        let client = &self.app.client;
        ask("a look at all windows", async {
            for handle in client.windows().await? {
                // One that is just being closed or opened is none yet.
                if client.switch_to_window(handle).await.is_err() {
                    continue;
                }
                let script = "return window.__TAURI_INTERNALS__?.metadata.currentWindow.label";
                if client.execute(script, Vec::new()).await.is_ok_and(|label| label == self.label) {
                    return Ok(true);
                }
            }
            Ok::<_, CmdError>(false)
        })
    }

    /// The driver, looking at this window.
    fn client(&self) -> &Client {
        assert!(self.select(), "the window {} has gone", self.label);
        &self.app.client
    }

    /// The value of an expression in the page.
    pub fn value(&self, expression: &str) -> Value {
        ask(expression, self.client().execute(&format!("return {expression}"), Vec::new()))
    }

    /// Waits until an expression in the page has this value.
    pub fn wait_for(&self, expression: &str, expected: &Value) {
        let begun = Instant::now();
        loop {
            let value = self.value(expression);
            if value == *expected {
                return;
            }
            let label = self.label;
            assert!(begun.elapsed() < PATIENCE, "{label}: {expression} is still {value}, not {expected}");
            thread::sleep(PAUSE);
        }
    }

    /// What a command of the backend answers, or what it rejects with as `{ rejected }`.
    pub fn invoke(&self, command: &str, arguments: Value) -> Value {
        let script = "const [command, args, done] = arguments;
            window.__TAURI_INTERNALS__.invoke(command, args).then(done, (rejected) => done({ rejected }));";
        ask(command, self.client().execute_async(script, vec![json!(command), arguments]))
    }

    /// Clicks like a user.
    pub fn click(&self, selector: &str) {
        let client = self.client();
        ask(selector, async { client.find(Locator::Css(selector)).await?.click().await });
    }

    /// Types like a user.
    pub fn type_into(&self, selector: &str, text: &str) {
        let client = self.client();
        ask(selector, async { client.find(Locator::Css(selector)).await?.send_keys(text).await });
    }

    /// Runs statements in the page.
    pub fn run(&self, statements: &str) {
        self.value(&format!("(() => {{ {statements} }})()"));
    }

    /// Closes the window.
    pub fn close(self) {
        ask("the window closes", self.client().close_window());
    }

    /// A picture of the page as it is now, as PNG.
    pub fn picture(&self) -> Vec<u8> {
        // The second frame from now on shows what the page is before the first one, once no transition runs.
        let painted = "const [done] = arguments;
            const over = () => document.getAnimations().length === 0;
            const frame = () => requestAnimationFrame(() => over() ? requestAnimationFrame(done) : frame());
            frame();";
        let client = self.client();
        ask("a picture", async {
            client.execute_async(painted, Vec::new()).await?;
            client.screenshot().await
        })
    }
}
