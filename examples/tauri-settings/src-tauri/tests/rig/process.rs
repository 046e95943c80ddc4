//! Processes that a test has started, and that end with it.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// Looks again and again until it is so; fails after `patience`.
pub fn wait_until(what: &str, patience: Duration, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < patience, "after {patience:?} still not so: {what}");
        thread::sleep(Duration::from_millis(10));
    }
}

/// A process that is ended, with all that it has started, when this is dropped.
pub struct Started {
    child: Child,
}

impl Started {
    pub fn new(mut command: Command) -> Self {
        let child = command.stdin(Stdio::null()).spawn();
        Self { child: child.unwrap_or_else(|error| panic!("{command:?} does not start: {error}")) }
    }

    /// Starts a process, and gives the first line that it prints.
    pub fn with_first_line(mut command: Command) -> (Self, String) {
        command.stdout(Stdio::piped());
        let mut started = Self::new(command);
        let mut line = String::new();
        if let Some(output) = started.child.stdout.take() {
            BufReader::new(output).read_line(&mut line).expect("it prints a line");
        }
        (started, line.trim().to_owned())
    }

    /// The processes that it has started, and those that they have started, the nearest first.
    pub fn descendants(&self) -> Vec<u32> {
        let parents = parents();
        let mut found = vec![self.child.id()];
        let mut next = 0;
        while let Some(parent) = found.get(next).copied() {
            found.extend(parents.iter().filter(|(_, of)| **of == parent).map(|(process, _)| *process));
            next += 1;
        }
        found.split_off(1)
    }

    /// Ends everything that it has started as `kill -9` does, and waits until it is gone.
    pub fn kill_descendants(&self) {
        let processes = self.descendants();
        for process in &processes {
            // One that has ended by itself meanwhile is no failure.
            _ = Command::new("kill").args(["-9", &process.to_string()]).stderr(Stdio::null()).status();
        }
        wait_until("the killed processes are gone", Duration::from_secs(20), || {
            let alive = parents();
            processes.iter().all(|process| !alive.contains_key(process))
        });
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        self.kill_descendants();
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

/// All processes that run, each with its parent. One that has ended and waits for its parent's notice does not run.
fn parents() -> BTreeMap<u32, u32> {
    let mut parents = BTreeMap::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(process) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        let Ok(status) = fs::read_to_string(entry.path().join("stat")) else { continue };
        // `pid (name) state parent …`; the name may hold spaces and brackets.
        let Some((_, fields)) = status.rsplit_once(") ") else { continue };
        let mut fields = fields.split(' ');
        let (state, parent) = (fields.next(), fields.next().and_then(|parent| parent.parse().ok()));
        if let (Some(state), Some(parent)) = (state, parent)
            && state != "Z"
        {
            parents.insert(process, parent);
        }
    }
    parents
}
