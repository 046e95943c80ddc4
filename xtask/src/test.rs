//! `cargo xtask test`: everything that has to hold, on a fresh machine too.

use crate::{
    documents,
    machine::{self, BROWSER, Need, WEBVIEW},
    repository::{cargo, program, root, state_sync, version},
    rooms,
    steps::{Outcome, Step, run_all},
};
use std::process::{Command, ExitCode};

/// What to test.
#[derive(clap::Args)]
pub struct Options {
    /// Run these steps alone, by name.
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
    /// Print the names of the steps and what each proves.
    #[arg(long)]
    list: bool,
}

const TYPESCRIPT: &str = "bindings/typescript";

/// Runs the steps that the options choose.
pub fn run(options: &Options) -> ExitCode {
    let mut steps = steps();
    if options.list {
        for step in &steps {
            anstream::println!("{:<14} {}", step.name, step.proves);
        }
        return ExitCode::SUCCESS;
    }
    if let Some(unknown) = options.only.iter().find(|name| steps.iter().all(|step| step.name != **name)) {
        let names: Vec<_> = steps.iter().map(|step| step.name).collect();
        anstream::eprintln!("there is no step \"{unknown}\"; the steps are {}", names.join(", "));
        return ExitCode::from(2);
    }
    if !options.only.is_empty() {
        steps.retain(|step| options.only.iter().any(|name| name == step.name));
    }
    run_all(steps)
}

fn steps() -> Vec<Step> {
    let mut steps = rust();
    steps.extend(typescript());
    steps.push(python());
    steps.push(go());
    steps.extend(conformance());
    steps.push(where_there(&WEBVIEW, "tauri", "the Tauri plugin, and its example in real windows", || {
        vec![program("bash", "bindings/rust/tauri", &["test.sh"])]
    }));
    steps.push(Step {
        name: "rooms",
        proves: "crates and packages use each other as the map says",
        run: Box::new(rooms::check),
    });
    steps.push(Step {
        name: "documents",
        proves: "links and paths lead somewhere",
        run: Box::new(documents::paths),
    });
    steps.push(Step {
        name: "readme",
        proves: "the commands of the README work",
        run: Box::new(documents::commands),
    });
    steps
}

fn rust() -> Vec<Step> {
    let no_features = ["check", "--locked", "--package", "state-sync", "--no-default-features"];
    let lint =
        ["clippy", "--locked", "--workspace", "--all-targets", "--all-features", "--", "-D", "warnings"];
    let mut doc =
        cargo(&["doc", "--locked", "--workspace", "--no-deps", "--all-features", "--document-private-items"]);
    doc.env("RUSTDOCFLAGS", "-D warnings");
    vec![
        Step::programs("rust-format", "Rust code is formatted", vec![cargo(&["fmt", "--all", "--check"])]),
        Step::programs(
            "rust-lint",
            "clippy finds nothing, features alone compile too",
            vec![cargo(&lint), cargo(&no_features), cargo(&["check", "--locked", "--package", "state-sync"])],
        ),
        // The TypeScript packages come first: Rust tests compile and run what is generated for them.
        Step::programs(
            "install",
            "the TypeScript workspace installs and builds",
            vec![
                program("npm", TYPESCRIPT, &["ci", "--no-audit", "--no-fund"]),
                program("npm", TYPESCRIPT, &["run", "build"]),
            ],
        ),
        Step::programs(
            "rust-test",
            "Rust tests and doc tests",
            vec![cargo(&["test", "--locked", "--workspace", "--all-features", "--quiet", "--no-fail-fast"])],
        ),
        Step::programs("rust-doc", "Rust documentation builds without a warning", vec![doc]),
        Step::programs(
            "drift",
            "generated files are what the generator writes",
            vec![state_sync("dev", &["generate", "--check"])],
        ),
    ]
}

fn typescript() -> Vec<Step> {
    let script = |name| program("npm", TYPESCRIPT, &["run", name]);
    vec![
        Step::programs(
            "ts-lint",
            "TypeScript is formatted, linted and typed",
            vec![script("lint"), script("typecheck")],
        ),
        Step::programs("ts-test", "TypeScript tests", vec![script("test")]),
        Step::programs(
            "ts-exports",
            "packages resolve as ESM and CJS, with types",
            vec![script("check:exports")],
        ),
        Step::programs("ts-sizes", "packages stay within their budgets", vec![script("sizes")]),
        where_there(&BROWSER, "browser", "tabs in a real browser", || {
            let mut tests = program("npm", TYPESCRIPT, &["run", "test:browser"]);
            tests.env("CHROME", machine::chromium().unwrap_or_default());
            vec![tests]
        }),
    ]
}

/// A step that needs something on the machine: it is installed where it may be, and otherwise the step is skipped and
/// says what is missing.
fn where_there(
    need: &'static Need,
    name: &'static str,
    proves: &'static str,
    programs: impl FnOnce() -> Vec<Command> + 'static,
) -> Step {
    let run = Box::new(move || match machine::see_to(need) {
        Ok(()) => (Step::programs(name, proves, programs()).run)(),
        Err(missing) => Outcome::Skipped(missing),
    });
    Step { name, proves, run }
}

fn python() -> Step {
    let tests =
        ["-m", "unittest", "discover", "--quiet", "--start-directory", "tests", "--top-level-directory", "."];
    if_there(
        "python3",
        "--version",
        "python",
        "Python tests",
        vec![program("python3", "bindings/python", &tests)],
    )
}

fn go() -> Step {
    let mut format = program("gofmt", "bindings/go", &["-l", "."]);
    let mut unformatted = move || match format.output() {
        Ok(output) if output.status.success() && output.stdout.is_empty() => Outcome::Passed,
        Ok(output) => {
            Outcome::Failed(format!("gofmt would change\n{}", String::from_utf8_lossy(&output.stdout)))
        }
        Err(error) => Outcome::Failed(format!("gofmt could not be started: {error}")),
    };
    let checks = vec![
        program("go", "bindings/go", &["vet", "./..."]),
        program("go", "bindings/go", &["test", "./..."]),
    ];
    let mut step = if_there("go", "version", "go", "Go is formatted and vetted, Go tests", checks);
    let tests = step.run;
    step.run = Box::new(move || match tests() {
        Outcome::Passed => unformatted(),
        other => other,
    });
    step
}

/// A step that is skipped, and says so, where the toolchain is missing.
fn if_there(
    tool: &'static str,
    ask: &str,
    name: &'static str,
    proves: &'static str,
    checks: Vec<Command>,
) -> Step {
    if version(tool, ask).is_some() {
        return Step::programs(name, proves, checks);
    }
    let run = Box::new(move || Outcome::Skipped(format!("{tool} is not installed")));
    Step { name, proves, run }
}

fn conformance() -> Vec<Step> {
    let run = |arguments: &[&str]| {
        let words: Vec<_> = std::iter::once("conformance").chain(arguments.iter().copied()).collect();
        vec![state_sync("release", &words)]
    };
    let reports = root().join("target/conformance");
    let report = |format: &str, file: &str| format!("--report={format}={}", reports.join(file).display());
    vec![
        Step::programs(
            "conformance",
            "every built-in implementation passes every case",
            run(&[
                "run",
                &report("html", "report.html"),
                &report("junit", "report.xml"),
                &report("json", "report.json"),
                &report("badge", "badge.svg"),
            ]),
        ),
        Step::programs("coverage", "every MUST has a case", run(&["coverage"])),
        Step::programs("mutants", "the cases catch every broken implementation", run(&["mutants"])),
    ]
}
