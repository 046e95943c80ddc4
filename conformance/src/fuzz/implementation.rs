//! What can be asked: a program behind the harness, or a function of this one.

use crate::{
    harness::{Connection, Launcher, Limits, Received, read_answer},
    wire::{Answer, Request},
};
use serde::Serialize;

/// Something that answers requests.
pub trait Implementation {
    /// One reply to each request, in their order.
    ///
    /// # Errors
    ///
    /// Where it cannot be started.
    fn ask(&mut self, requests: &[Request]) -> Result<Vec<Reply>, String>;
}

/// What came of a request.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Reply {
    /// An answer.
    Answer(Answer),
    /// None: a crash, a hang, a line that is no answer.
    Fault {
        /// A sentence that says what happened.
        fault: String,
    },
}

impl Reply {
    /// Whether two replies say the same. What is not implemented agrees with everything, as it says nothing.
    pub fn agrees_with(&self, other: &Reply) -> bool {
        match (self, other) {
            (Reply::Answer(Answer::NotImplemented { .. }), _)
            | (_, Reply::Answer(Answer::NotImplemented { .. })) => true,
            (Reply::Answer(left), Reply::Answer(right)) => left.agrees_with(right),
            (Reply::Fault { .. }, Reply::Fault { .. }) => true,
            _ => false,
        }
    }

    /// What kind of reply it is: the code of a refusal, or a word that is no code.
    pub fn kind(&self) -> String {
        match self {
            Reply::Answer(Answer::Ok { .. }) => "ok".to_owned(),
            Reply::Answer(Answer::Error { code, .. }) => code.clone(),
            Reply::Answer(Answer::NotImplemented { .. }) => "not implemented".to_owned(),
            Reply::Fault { .. } => "fault".to_owned(),
        }
    }
}

/// A function of this program.
pub struct InProcess(pub fn(&Request) -> Answer);

impl Implementation for InProcess {
    fn ask(&mut self, requests: &[Request]) -> Result<Vec<Reply>, String> {
        Ok(requests.iter().map(|request| Reply::Answer(self.0(request))).collect())
    }
}

/// A program behind the harness; it is started when it is first asked, and again when it has failed.
pub struct Launched {
    launcher: Box<dyn Launcher>,
    limits: Limits,
    connection: Option<Box<dyn Connection>>,
}

impl Launched {
    /// The program that `launcher` starts.
    pub fn new(launcher: Box<dyn Launcher>, limits: Limits) -> Self {
        Self { launcher, limits, connection: None }
    }

    /// Sends the requests and reads the answers until something else comes.
    fn converse(&mut self, requests: &[Request]) -> Result<(Vec<Reply>, Option<String>), String> {
        let started = self.connection.is_none();
        let connection = match &mut self.connection {
            Some(connection) => connection,
            none => none.insert(self.launcher.launch()?),
        };
        for request in requests {
            connection.send(serde_json::to_vec(request).map_err(|error| error.to_string())?);
        }
        let mut replies = Vec::new();
        for request in requests {
            let patience = if started && replies.is_empty() { self.limits.start } else { self.limits.answer };
            let fault = match connection.receive(patience) {
                Received::Line(line) => match read_answer(&line) {
                    Ok(response) if response.id == request.id => {
                        replies.push(Reply::Answer(response.answer));
                        continue;
                    }
                    Ok(response) => format!("it answered request {} in place of {}", response.id, request.id),
                    Err(failure) => failure.message,
                },
                Received::TooLong => "it printed a line that is too long".to_owned(),
                Received::Ended(_) => "it ended".to_owned(),
                Received::Silence => format!("it did not answer within {:?}", self.limits.answer),
            };
            return Ok((replies, Some(fault)));
        }
        Ok((replies, None))
    }

    fn stop(&mut self) {
        if let Some(mut connection) = self.connection.take() {
            connection.close_input();
            connection.end(std::time::Duration::from_millis(200));
        }
    }
}

impl Implementation for Launched {
    fn ask(&mut self, requests: &[Request]) -> Result<Vec<Reply>, String> {
        let mut replies = Vec::new();
        while replies.len() < requests.len() {
            let (answered, fault) = self.converse(&requests[replies.len()..])?;
            replies.extend(answered);
            if let Some(fault) = fault {
                // The request that was to be answered is taken for the cause; shrinking asks it again by itself.
                replies.push(Reply::Fault { fault });
                self.stop();
            }
        }
        Ok(replies)
    }
}

impl Drop for Launched {
    fn drop(&mut self) {
        self.stop();
    }
}
