//! Reading the cases: those that are built into the program, or those of a folder.

use crate::{
    case::{Case, Expectation, WrittenCase},
    requirements::Requirements,
    wire::parse_deep,
};
use include_dir::{Dir, include_dir};
use jsonschema::Validator;
use serde::Deserialize;
use serde_json::Value;
use std::{
    collections::BTreeMap,
    fmt, fs, io,
    path::{Path, PathBuf},
    sync::LazyLock,
};

static CASES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/cases");

/// The schema that every case file keeps to.
pub const CASE_SCHEMA: &str = include_str!("../cases/case.schema.json");

static VALIDATOR: LazyLock<Validator> = LazyLock::new(|| {
    let schema = serde_json::from_str(CASE_SCHEMA).expect("the schema of cases is JSON");
    jsonschema::validator_for(&schema).expect("the schema of cases is a schema")
});

/// The cases, in the order of their files.
#[derive(Debug)]
pub struct Suite {
    /// Every case of every profile.
    pub cases: Vec<Case>,
}

/// What is wrong with the cases themselves; nothing can be judged by them.
#[derive(Debug)]
pub struct SuiteError {
    /// A sentence for each fault, which names the file.
    pub faults: Vec<String>,
}

impl fmt::Display for SuiteError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 20;
        let shown: Vec<_> = self.faults.iter().take(SHOWN).map(String::as_str).collect();
        formatter.write_str(&shown.join("\n"))?;
        match self.faults.len().saturating_sub(SHOWN) {
            0 => Ok(()),
            more => write!(formatter, "\nand {more} more faults in the cases"),
        }
    }
}

impl std::error::Error for SuiteError {}

#[derive(Deserialize)]
struct CaseFile {
    cases: Vec<WrittenCase>,
}

impl Suite {
    /// The cases that are built into this program.
    ///
    /// # Errors
    ///
    /// Where the cases contradict their schema, the requirements or one another.
    pub fn embedded(requirements: &Requirements) -> Result<Self, SuiteError> {
        fn collect(folder: &Dir<'static>, files: &mut BTreeMap<String, Vec<u8>>) {
            for file in folder.files() {
                files.insert(slashes(file.path()), file.contents().to_vec());
            }
            for folder in folder.dirs() {
                collect(folder, files);
            }
        }
        let mut files = BTreeMap::new();
        collect(&CASES, &mut files);
        Self::of_files(files, requirements)
    }

    /// The cases of a folder that is laid out as `conformance/cases` is.
    ///
    /// # Errors
    ///
    /// As [`Suite::embedded`], and where the folder cannot be read.
    pub fn from_folder(folder: &Path, requirements: &Requirements) -> Result<Self, SuiteError> {
        let mut files = BTreeMap::new();
        let read = read_folder(folder, folder, &mut files);
        read.map_err(|(path, error)| SuiteError {
            faults: vec![format!("{}: cannot read the cases: {error}", path.display())],
        })?;
        // Named as the caller can open them.
        Self::of_files(files, requirements).map_err(|error| SuiteError {
            faults: error
                .faults
                .iter()
                .map(|fault| format!("{}/{fault}", folder.display().to_string().trim_end_matches('/')))
                .collect(),
        })
    }

    /// Cases from texts, each under its path relative to the folder of cases.
    ///
    /// # Errors
    ///
    /// As [`Suite::embedded`].
    pub fn of_files(
        files: BTreeMap<String, Vec<u8>>,
        requirements: &Requirements,
    ) -> Result<Self, SuiteError> {
        let (mut cases, mut faults) = (Vec::new(), Vec::new());
        for (path, content) in files {
            // The schemas lie beside the profiles' folders.
            if path.ends_with(".json") && !path.ends_with(".schema.json") {
                match read_file(&path, &content) {
                    Ok(of_file) => cases.extend(of_file),
                    Err(of_file) => faults.extend(of_file),
                }
            }
        }
        let mut seen = BTreeMap::new();
        for case in &cases {
            if let Some(other) = seen.insert(&case.id, &case.file) {
                faults.push(format!("{}: the case {} is also in {other}", case.file, case.id));
            }
            faults.extend(faults_of(case, requirements));
        }
        if faults.is_empty() { Ok(Self { cases }) } else { Err(SuiteError { faults }) }
    }
}

fn slashes(path: &Path) -> String {
    path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

fn read_folder(
    root: &Path,
    folder: &Path,
    files: &mut BTreeMap<String, Vec<u8>>,
) -> Result<(), (PathBuf, io::Error)> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |error| (path, error)
    };
    for entry in fs::read_dir(folder).map_err(failed(folder))? {
        let path = entry.map_err(failed(folder))?.path();
        if path.is_dir() {
            read_folder(root, &path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "json") {
            let relative = slashes(path.strip_prefix(root).unwrap_or(&path));
            files.insert(relative, fs::read(&path).map_err(failed(&path))?);
        }
    }
    Ok(())
}

fn read_file(path: &str, content: &[u8]) -> Result<Vec<Case>, Vec<String>> {
    let one = |fault: String| vec![format!("{path}: {fault}")];
    let [profile, group, _] = path.split('/').collect::<Vec<_>>()[..] else {
        return Err(one("a case file lies in <profile>/<group>/".to_owned()));
    };
    let text = std::str::from_utf8(content).map_err(|error| one(format!("is not UTF-8: {error}")))?;
    let value: Value = parse_deep(text).map_err(|error| one(format!("is not JSON: {error}")))?;
    if !VALIDATOR.is_valid(&value) {
        let errors = VALIDATOR.iter_errors(&value);
        return Err(errors.map(|error| format!("{path}#{}: {error}", error.instance_path())).collect());
    }
    let file: CaseFile = serde_json::from_value(value).map_err(|error| one(error.to_string()))?;
    let prefix = format!("{group}/");
    let mut cases = Vec::new();
    for case in file.cases {
        if !case.id.starts_with(&prefix) {
            return Err(one(format!("the id of the case {} does not begin with {prefix}", case.id)));
        }
        cases.push(Case {
            id: case.id,
            profile: profile.to_owned(),
            file: path.to_owned(),
            description: case.description,
            requirements: case.requirements,
            op: case.op,
            input: case.input,
            expect: case.expect,
        });
    }
    Ok(cases)
}

fn faults_of(case: &Case, requirements: &Requirements) -> Vec<String> {
    let mut faults = Vec::new();
    for id in &case.requirements {
        match requirements.get(id) {
            None if requirements.is_empty() => {}
            None => faults.push(format!("{}: {} cites {id}, which no chapter has", case.file, case.id)),
            Some(requirement) if requirement.profile != case.profile => faults.push(format!(
                "{}: {} is a case of {} and cites {id} of {}",
                case.file, case.id, case.profile, requirement.profile
            )),
            Some(_) => {}
        }
    }
    if matches!(case.expect, Expectation::Same(_)) && case.value_that_goes_in().is_none() {
        faults.push(format!("{}: {} expects what went in, which is no JSON", case.file, case.id));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(path: &str, cases: &str) -> String {
        let text = format!(r#"{{"description":"d","cases":{cases}}}"#);
        let files = BTreeMap::from([(path.to_owned(), text.into_bytes())]);
        match Suite::of_files(files, &Requirements::embedded()) {
            Ok(_) => String::new(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn the_cases_of_this_program_are_sound_and_many() {
        let suite = Suite::embedded(&Requirements::embedded()).unwrap_or_else(|error| panic!("{error}"));
        assert!(suite.cases.len() >= 400, "there are {} cases", suite.cases.len());
    }

    #[test]
    fn the_folder_holds_the_cases_of_this_program() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
        let requirements = Requirements::embedded();
        let read = Suite::from_folder(&folder, &requirements).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(read.cases, Suite::embedded(&requirements).unwrap().cases);
        let error = Suite::from_folder(&folder.join("nowhere"), &requirements).unwrap_err();
        assert!(error.to_string().contains("nowhere"), "{error}");
    }

    #[test]
    fn faults_of_cases_are_named() {
        let good = r#"{"id":"a/b","requirements":["REV-1"],"op":"revision.parse","input":{"value":"1"},"expect":{"same":true}}"#;
        for (path, cases, fault) in [
            ("core/a/f.json", format!("[{good}]"), ""),
            ("core/f.json", format!("[{good}]"), "lies in <profile>/<group>/"),
            ("core/other/f.json", format!("[{good}]"), "does not begin with other/"),
            ("core/a/f.json", format!("[{good},{good}]"), "the case a/b is also in core/a/f.json"),
            ("core/a/f.json", "[]".to_owned(), "/cases"),
            ("core/a/f.json", "[".to_owned(), "is not JSON"),
            ("core/a/f.json", format!("[{}]", good.replace("revision.parse", "revision.eat")), "/cases/0/op"),
            ("core/a/f.json", format!("[{}]", good.replace(r#""value":"1""#, "")), "/cases/0/input"),
            ("core/a/f.json", format!("[{}]", good.replace("true", "false")), "/cases/0/expect/same"),
            ("core/a/f.json", format!("[{}]", good.replace("same", "some")), "some"),
        ] {
            let found = faults(path, &cases);
            assert_eq!(found.is_empty(), fault.is_empty(), "{found}");
            assert!(found.contains(fault), "{found}\ndoes not say {fault}");
        }
    }

    #[test]
    fn a_case_cites_requirements_that_there_are_and_of_its_profile() {
        let requirements = Requirements::parse(
            r#"{"version":1,"requirements":[{"id":"REV-1","level":"MUST","profile":"core","chapter":"c","text":"t"}]}"#,
        )
        .unwrap();
        for (profile, id, fault) in [
            ("core", "REV-1", ""),
            ("core", "REV-9", "REV-9, which no chapter has"),
            ("engine", "REV-1", "a case of engine and cites REV-1 of core"),
        ] {
            let text = format!(
                r#"{{"description":"d","cases":[{{"id":"a/b","requirements":["{id}"],"op":"revision.parse","input":{{"value":"1"}},"expect":{{"same":true}}}}]}}"#
            );
            let files = BTreeMap::from([(format!("{profile}/a/f.json"), text.into_bytes())]);
            let found = Suite::of_files(files, &requirements).err().map(|error| error.to_string());
            assert!(found.unwrap_or_default().contains(fault));
        }
    }
}
