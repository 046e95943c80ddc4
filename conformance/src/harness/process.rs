//! A real program: started in a process group of its own, read by threads, stopped with all that it started.

use super::{Connection, Ending, LONGEST_LINE, Launcher, Received};
use std::{
    collections::BTreeSet,
    io::{self, BufRead, BufReader, Read, Write},
    path::PathBuf,
    process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio},
    sync::{
        Mutex,
        mpsc::{self, Receiver, RecvTimeoutError, Sender, SyncSender},
    },
    thread,
    time::{Duration, Instant},
};

/// A program and how it is started.
#[derive(Clone, Debug, PartialEq)]
pub struct Program {
    /// The program and its arguments; no shell reads them.
    pub words: Vec<String>,
    /// Where it is started; without it, where the runner was.
    pub folder: Option<PathBuf>,
}

impl Program {
    /// The program of a command as it is written for a shell. It is split into words; no shell is started.
    ///
    /// # Errors
    ///
    /// Where a quote is not closed, or there are no words.
    pub fn of_command(command: &str) -> Result<Self, String> {
        let words = shell_words::split(command)
            .map_err(|error| format!("the command {command:?} cannot be split into words: {error}"))?;
        if words.is_empty() {
            return Err("the command is empty".to_owned());
        }
        Ok(Self { words, folder: None })
    }
}

/// Lines that wait to be judged. A program that floods its output waits, and the runner's memory does not grow.
const WAITING_LINES: usize = 256;
/// How much of standard error is kept.
const STDERR_TAIL: usize = 4096;
/// How long the threads of a program that has ended may need to read what it left.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// The groups of the programs that run now.
static RUNNING: Mutex<BTreeSet<u32>> = Mutex::new(BTreeSet::new());

/// Stops every program that the harness has started, for a caller that is about to exit: a program in a group of its
/// own does not hear the interrupt of a terminal.
pub fn stop_all() {
    let running = RUNNING.lock().map(|mut running| std::mem::take(&mut *running)).unwrap_or_default();
    running.into_iter().for_each(stop_group);
}

/// Stops a program by its id, with all that it has started and that is still in its group.
#[cfg(unix)]
fn stop_group(id: u32) {
    use rustix::process::{Pid, Signal, kill_process_group};
    if let Some(group) = i32::try_from(id).ok().and_then(Pid::from_raw) {
        // An empty group is no failure: all have ended.
        let _ = kill_process_group(group, Signal::KILL);
    }
}

/// There are no groups here: what the program has started sees its input end.
#[cfg(not(unix))]
fn stop_group(_id: u32) {}

impl Launcher for Program {
    fn launch(&mut self) -> Result<Box<dyn Connection>, String> {
        let (program, arguments) = self.words.split_first().ok_or("the command is empty")?;
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        if let Some(folder) = &self.folder {
            command.current_dir(folder);
        }
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let child = command.spawn().map_err(|error| format!("{program} could not be started: {error}"))?;
        if let Ok(mut running) = RUNNING.lock() {
            running.insert(child.id());
        }
        Ok(Box::new(Process::new(child)))
    }
}

struct Process {
    child: Child,
    input: Option<Sender<Vec<u8>>>,
    lines: Receiver<Received>,
    stderr: Receiver<String>,
    ended: bool,
}

impl Process {
    fn new(mut child: Child) -> Self {
        let (input, to_write) = mpsc::channel();
        let (to_judge, lines) = mpsc::sync_channel(WAITING_LINES);
        let (tail, stderr) = mpsc::channel();
        if let Some(stdin) = child.stdin.take() {
            thread::spawn(move || write_lines(stdin, &to_write));
        }
        if let Some(stdout) = child.stdout.take() {
            thread::spawn(move || read_lines(stdout, &to_judge));
        }
        if let Some(stream) = child.stderr.take() {
            thread::spawn(move || tail.send(read_tail(stream)));
        }
        Self { child, input: Some(input), lines, stderr, ended: false }
    }
}

/// Writes what is sent until the sender or the program is gone.
fn write_lines(mut stdin: ChildStdin, lines: &Receiver<Vec<u8>>) {
    while let Ok(mut batch) = lines.recv() {
        batch.push(b'\n');
        // One write for what has gathered meanwhile.
        while let Ok(line) = lines.try_recv() {
            batch.extend(line);
            batch.push(b'\n');
        }
        if stdin.write_all(&batch).and_then(|()| stdin.flush()).is_err() {
            return;
        }
    }
}

fn read_lines(stdout: ChildStdout, lines: &SyncSender<Received>) {
    let mut stdout = BufReader::with_capacity(1 << 16, stdout);
    loop {
        let mut line = Vec::new();
        let read = stdout.by_ref().take(LONGEST_LINE as u64 + 1).read_until(b'\n', &mut line);
        let whole = line.last() == Some(&b'\n');
        let received = match read {
            Ok(_) if whole => {
                line.pop();
                Received::Line(line)
            }
            Ok(_) if line.len() > LONGEST_LINE => Received::TooLong,
            Ok(_) | Err(_) => Received::Ended(line),
        };
        let last = !matches!(received, Received::Line(_));
        if lines.send(received).is_err() || last {
            return;
        }
    }
}

fn read_tail(mut stream: ChildStderr) -> String {
    let (mut tail, mut chunk) = (Vec::new(), [0; STDERR_TAIL]);
    loop {
        match stream.read(&mut chunk) {
            Ok(0) | Err(_) => break,
            Ok(count) => tail.extend_from_slice(&chunk[..count]),
        }
        let surplus = tail.len().saturating_sub(STDERR_TAIL);
        tail.drain(..surplus);
    }
    String::from_utf8_lossy(&tail).trim_end().to_owned()
}

impl Connection for Process {
    fn send(&mut self, line: Vec<u8>) {
        if let Some(input) = &self.input {
            // Where the writer is gone, so is the program; the reader tells.
            let _ = input.send(line);
        }
    }

    fn receive(&mut self, within: Duration) -> Received {
        match self.lines.recv_timeout(within) {
            Ok(received) => received,
            Err(RecvTimeoutError::Timeout) => Received::Silence,
            Err(RecvTimeoutError::Disconnected) => Received::Ended(Vec::new()),
        }
    }

    fn close_input(&mut self) {
        self.input = None;
    }

    fn end(&mut self, grace: Duration) -> Ending {
        self.close_input();
        let by_itself = self.has_ended_within(grace);
        let status = self.stop();
        let (clean, how) = match status {
            _ if !by_itself => (false, "it was still running and was stopped".to_owned()),
            Ok(status) => (status.success(), describe(status)),
            Err(error) => (false, format!("how it ended is not known: {error}")),
        };
        let stderr = self.stderr.recv_timeout(LAST_WORDS).unwrap_or_default();
        Ending { clean, how, stderr }
    }
}

impl Process {
    /// Whether the program ends by itself in time. It is not reaped here: until then nobody else gets its id, so
    /// that what is stopped afterwards is certainly its own group.
    fn has_ended_within(&mut self, grace: Duration) -> bool {
        let started = Instant::now();
        let mut pause = Duration::from_micros(200);
        while !self.has_ended() {
            if started.elapsed() >= grace {
                return false;
            }
            thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(10));
        }
        true
    }

    #[cfg(unix)]
    fn has_ended(&mut self) -> bool {
        use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        !matches!(waitid(WaitId::Pid(Pid::from_child(&self.child)), options), Ok(None))
    }

    #[cfg(not(unix))]
    fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    /// Stops the program and what it started, and reaps it.
    fn stop(&mut self) -> io::Result<ExitStatus> {
        if !self.ended {
            self.ended = true;
            if let Ok(mut running) = RUNNING.lock() {
                // Before it is reaped: afterwards the id may be another's.
                running.remove(&self.child.id());
            }
            stop_group(self.child.id());
            // Where there are no groups, the program at least.
            let _ = self.child.kill();
        }
        self.child.wait()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.stop();
    }
}

fn describe(status: ExitStatus) -> String {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        let name = match signal {
            4 => " (illegal instruction)",
            6 => " (aborted)",
            7 => " (bus error)",
            8 => " (arithmetic error)",
            9 => " (killed)",
            11 => " (segmentation fault)",
            15 => " (terminated)",
            _ => "",
        };
        return format!("it was ended by signal {signal}{name}");
    }
    match status.code() {
        Some(code) => format!("it exited with status {code}"),
        None => "it ended without a status".to_owned(),
    }
}
