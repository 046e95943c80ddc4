//! Being told how far a run has come. The library prints nothing.

/// Who wants to know.
pub trait Progress: Sync {
    /// An implementation is made ready; `step` is the command that runs.
    fn preparing(&self, implementation: &str, step: &str);
    /// An implementation will be asked so many cases.
    fn asking(&self, implementation: &str, cases: usize);
    /// So many more cases have an outcome.
    fn answered(&self, implementation: &str, cases: usize);
    /// An implementation is done with, judged or not.
    fn finished(&self, implementation: &str);
}

/// Nobody.
pub struct Quiet;

impl Progress for Quiet {
    fn preparing(&self, _: &str, _: &str) {}
    fn asking(&self, _: &str, _: usize) {}
    fn answered(&self, _: &str, _: usize) {}
    fn finished(&self, _: &str) {}
}
