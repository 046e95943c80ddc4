//! `state-sync validate`.

mod report;

use crate::terminal::could_not_run;
use report::Report;
use serde_json::Value;
use state_sync_codegen::config::{Config, FILE_NAME};
use state_sync_validate::{StreamOptions, Validator, document, stream, type_names};
use std::{
    fs::{self, File},
    io::{self, Read},
    num::NonZeroUsize,
    path::{Path, PathBuf},
    process::ExitCode,
};

const EXAMPLES: &str = "\
A file whose name ends in .ndjson or .jsonl is read line by line; any other one
is a single document. Findings go to standard output, the summary and what could
not be read to standard error.

Examples:
  state-sync validate snapshot.json --type SnapshotEnvelope
  state-sync validate --topic settings dumps/*.ndjson
  tail -f events.log | state-sync validate - --ndjson --type InvalidationEvent
  state-sync validate orders.ndjson --schema order.schema.json --format json

Exit status: 0 everything is valid, 1 something is not, 2 it could not run.";

/// Validate documents and streams against a type of the protocol, a topic or a JSON Schema
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// The files; `-` is standard input
    #[arg(value_name = "FILE", default_value = STANDARD_INPUT)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    against: Against,
    /// The configuration that names the topics
    #[arg(long, value_name = "FILE", default_value = FILE_NAME)]
    config: PathBuf,
    /// Read one document a line, whatever the files are called
    #[arg(long)]
    ndjson: bool,
    /// How findings are printed
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// How many threads validate a stream [default: one for each core]
    #[arg(long, value_name = "N", value_parser = parse_threads)]
    threads: Option<NonZeroUsize>,
    /// A longer line of a stream is reported and not read
    #[arg(long, value_name = "BYTES", default_value_t = StreamOptions::DEFAULT_MAX_LINE)]
    max_line: usize,
}

/// What the documents are validated against: exactly one of these.
#[derive(clap::Args)]
#[group(required = true, multiple = false)]
struct Against {
    /// A type of the protocol, such as SnapshotEnvelope
    #[arg(long = "type", value_name = "NAME", help = type_help())]
    type_name: Option<String>,
    /// A topic of the configuration: snapshots of it, both the envelope and its data
    #[arg(long, value_name = "NAME")]
    topic: Option<String>,
    /// A JSON Schema of your own
    #[arg(long, value_name = "FILE")]
    schema: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people: file, line, place, what was wrong and what would be right.
    Human,
    /// For programs: one JSON object a finding, and one for the summary at the end.
    Json,
}

const STANDARD_INPUT: &str = "-";

fn type_help() -> String {
    format!("A type of the protocol: {}", type_names().join(", "))
}

fn parse_threads(text: &str) -> Result<NonZeroUsize, String> {
    match text.parse() {
        Ok(threads @ 1..=256) => Ok(NonZeroUsize::new(threads).unwrap_or(NonZeroUsize::MIN)),
        _ => Err("give a number from 1 to 256".to_owned()),
    }
}

/// Runs the subcommand.
pub fn run(arguments: &Arguments) -> ExitCode {
    let validator = match validator(&arguments.against, &arguments.config) {
        Ok(validator) => validator,
        Err(reason) => return could_not_run(&reason),
    };
    let mut options = StreamOptions { max_line: arguments.max_line, ..StreamOptions::default() };
    options.threads = arguments.threads.unwrap_or(options.threads);
    let mut report = Report::new(arguments.format);
    for path in &arguments.files {
        let name = if is_standard_input(path) { "<stdin>".to_owned() } else { path.display().to_string() };
        let lines = arguments.ndjson || has_lines(path);
        report.file(name, lines);
        let outcome = open(path).and_then(|reader| match lines {
            true => stream(reader, &validator, options, &mut report),
            false => document(reader, &validator, &mut report),
        });
        match outcome {
            Ok(summary) => report.add(summary),
            // Whoever read the findings wants no more of them.
            Err(_) if report.is_closed() => break,
            Err(error) => {
                could_not_run(&format!("{}: cannot read it: {error}", path.display()));
                report.unreadable();
            }
        }
    }
    report.finish()
}

fn is_standard_input(path: &Path) -> bool {
    path.as_os_str() == STANDARD_INPUT
}

fn has_lines(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "ndjson" || extension == "jsonl")
}

fn open(path: &Path) -> io::Result<Box<dyn Read + Send>> {
    if is_standard_input(path) {
        return Ok(Box::new(io::stdin()));
    }
    Ok(Box::new(File::open(path)?))
}

fn validator(against: &Against, config: &Path) -> Result<Validator, String> {
    if let Some(name) = &against.type_name {
        return Validator::for_type(name).map_err(|error| error.to_string());
    }
    let (path, is_topic) = match (&against.topic, &against.schema) {
        (Some(name), _) => {
            let config = Config::read(config).map_err(|error| error.to_string())?;
            (config.topic(name).map_err(|error| error.to_string())?.schema.clone(), true)
        }
        (None, Some(path)) => (path.clone(), false),
        (None, None) => return Err("give one of --type, --topic and --schema".to_owned()),
    };
    let schema = read_schema(&path)?;
    let built = if is_topic { Validator::for_topic_schema(&schema) } else { Validator::for_schema(&schema) };
    built.map_err(|error| format!("{}: {error}", path.display()))
}

fn read_schema(path: &Path) -> Result<Value, String> {
    let shown = path.display();
    let bytes = fs::read(path).map_err(|error| format!("{shown}: cannot read it: {error}"))?;
    let text = std::str::from_utf8(&bytes).map_err(|error| {
        let line = bytes[..error.valid_up_to()].split(|&byte| byte == b'\n').count();
        format!("{shown}:{line}: this is not UTF-8; save the file as UTF-8")
    })?;
    // As for the generator and the comparison: editors put a byte order mark before a schema.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    serde_json::from_str(text).map_err(|error| format!("{shown}: this is not JSON: {error}"))
}
