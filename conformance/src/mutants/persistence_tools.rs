//! Ways to break a persistence layer: the real one, with something in between that is wrong.

use super::tools::real;
use crate::{
    rust_adapter::persistence::{Happening, Twist, run_with},
    wire::{Answer, Request},
};
use serde_json::{Map, Value};
use state_sync::CrossTabMessage;
use state_sync_persistence::{Input, Now, Options, Output, Record, Replacement, StandaloneOutput};
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    sync::Arc,
};

/// Something that several of a mutant's functions know.
pub(super) type Shared<T> = Rc<RefCell<T>>;

/// A flag that several of a mutant's functions know.
pub(super) type Flag = Rc<Cell<bool>>;

/// Judges the stored record anew: the real verdict, what is stored, what would replace it.
type Judge = dyn FnMut(Replacement, Option<&Record>, &Record) -> Replacement;

/// A layer with one fault: each function starts from what the real layer is given or does.
pub(super) struct Broken {
    pub(super) options: Box<dyn FnMut(&mut Options)>,
    pub(super) happening: Box<dyn FnMut(Happening, Now) -> Vec<Happening>>,
    pub(super) output: Box<dyn FnMut(StandaloneOutput) -> Vec<StandaloneOutput>>,
    pub(super) verdict: Box<Judge>,
}

impl Default for Broken {
    fn default() -> Self {
        Self {
            options: Box::new(|_| {}),
            happening: Box::new(|happening, _| vec![happening]),
            output: Box::new(|output| vec![output]),
            verdict: Box::new(|verdict, _, _| verdict),
        }
    }
}

impl Twist for Broken {
    fn options(&mut self, options: &mut Options) {
        (self.options)(options);
    }

    fn happening(&mut self, happening: Happening, now: Now) -> Vec<Happening> {
        (self.happening)(happening, now)
    }

    fn output(&mut self, output: StandaloneOutput) -> Vec<StandaloneOutput> {
        (self.output)(output)
    }

    fn verdict(&mut self, verdict: Replacement, stored: Option<&Record>, new: &Record) -> Replacement {
        (self.verdict)(verdict, stored, new)
    }
}

fn is_about_persistence(request: &Request) -> bool {
    request.op == "persistence.run"
}

/// Plays a script with a broken layer.
pub(super) fn broken(request: &Request, broken: impl FnOnce() -> Broken) -> Answer {
    if is_about_persistence(request) { run_with(request, broken()) } else { real(request) }
}

/// As [`broken`], with other options.
pub(super) fn with_options(request: &Request, change: impl FnMut(&mut Options) + 'static) -> Answer {
    broken(request, || Broken { options: Box::new(change), ..Broken::default() })
}

/// As [`broken`], with something else happening.
pub(super) fn with_happening(
    request: &Request,
    change: impl FnMut(Happening, Now) -> Vec<Happening> + 'static,
) -> Answer {
    broken(request, || Broken { happening: Box::new(change), ..Broken::default() })
}

/// As [`broken`], with something else done.
pub(super) fn with_output(
    request: &Request,
    change: impl FnMut(StandaloneOutput) -> Vec<StandaloneOutput> + 'static,
) -> Answer {
    broken(request, || Broken { output: Box::new(change), ..Broken::default() })
}

/// As [`broken`], with another verdict about the stored record.
pub(super) fn with_verdict(
    request: &Request,
    change: impl FnMut(Replacement, Option<&Record>, &Record) -> Replacement + 'static,
) -> Answer {
    broken(request, || Broken { verdict: Box::new(change), ..Broken::default() })
}

/// Leaves out what the layer does where `is_lost` says so.
pub(super) fn losing_output(request: &Request, mut is_lost: impl FnMut(&Output) -> bool + 'static) -> Answer {
    with_output(request, move |output| match &output {
        StandaloneOutput::Layer(inner) if is_lost(inner) => Vec::new(),
        _ => vec![output],
    })
}

/// Changes the records that are saved.
pub(super) fn with_record(request: &Request, mut change: impl FnMut(&mut Record) + 'static) -> Answer {
    with_output(request, move |output| match output {
        StandaloneOutput::Layer(Output::Save { number, mut record, rule }) => {
            change(Arc::make_mut(&mut record));
            vec![StandaloneOutput::Layer(Output::Save { number, record, rule })]
        }
        other => vec![other],
    })
}

/// Changes the records that are loaded; the schema version is the option's.
pub(super) fn with_loaded(
    request: &Request,
    mut change: impl FnMut(&mut Record, &Options, Now) + 'static,
) -> Answer {
    broken(request, || {
        let known = Shared::<Options>::default();
        let remembered = known.clone();
        Broken {
            options: Box::new(move |options| *remembered.borrow_mut() = options.clone()),
            happening: Box::new(move |mut happening, now| {
                if let Happening::Layer(Input::Loaded { outcome: Ok(Some(record)), .. }) = &mut happening {
                    change(record, &known.borrow(), now);
                }
                vec![happening]
            }),
            ..Broken::default()
        }
    })
}

/// Changes the messages that come in; without a message, it is lost.
pub(super) fn with_message(
    request: &Request,
    mut change: impl FnMut(&mut Value) -> bool + 'static,
) -> Answer {
    with_happening(request, move |mut happening, _| {
        let is_kept = match &mut happening {
            Happening::Layer(Input::Message(message)) => change(message),
            _ => true,
        };
        if is_kept { vec![happening] } else { Vec::new() }
    })
}

/// Whether a message that is sent is of this kind.
pub(super) fn posts_snapshot(output: &Output) -> bool {
    matches!(output, Output::Post(CrossTabMessage::Snapshot { .. }))
}

/// Asks the real layer about a changed script.
pub(super) fn asking(request: &Request, change: impl FnOnce(&mut Map<String, Value>)) -> Answer {
    let mut request = request.clone();
    if is_about_persistence(&request) {
        change(&mut request.input);
    }
    real(&request)
}

/// Changes every action of the timeline.
pub(super) fn asking_actions(request: &Request, mut change: impl FnMut(&mut Map<String, Value>)) -> Answer {
    asking(request, |input| {
        let entries = input.get_mut("timeline").and_then(Value::as_array_mut);
        for entry in entries.into_iter().flatten() {
            if let Some(action) = entry.get_mut("do").and_then(Value::as_object_mut) {
                change(action);
            }
        }
    })
}

/// Changes the trace.
pub(super) fn telling(request: &Request, change: impl FnOnce(&mut Vec<Value>)) -> Answer {
    let mut answer = real(request);
    if let Answer::Ok { value: Value::Array(trace) } = &mut answer
        && is_about_persistence(request)
    {
        change(trace);
    }
    answer
}

/// Gives one verdict in place of another.
pub(super) fn instead(request: &Request, right: Replacement, wrong: Replacement) -> Answer {
    with_verdict(request, move |verdict, _, _| if verdict == right { wrong } else { verdict })
}

/// Takes the save in flight for done when something of this sort happens.
pub(super) fn forgetting_saves(request: &Request, forgets: fn(&Happening) -> bool) -> Answer {
    broken(request, || {
        let in_flight = Shared::<Option<u64>>::default();
        let begun = in_flight.clone();
        Broken {
            happening: Box::new(move |happening, _| {
                if let Happening::Layer(Input::Saved { .. }) = &happening {
                    in_flight.borrow_mut().take();
                }
                let forgotten = in_flight.borrow_mut().take_if(|_| forgets(&happening));
                let done = forgotten.map(|number| Input::Saved { number, outcome: Ok(Replacement::Replace) });
                done.map(Happening::Layer).into_iter().chain([happening]).collect()
            }),
            output: Box::new(move |output| {
                if let StandaloneOutput::Layer(Output::Save { number, .. }) = &output {
                    *begun.borrow_mut() = Some(*number);
                }
                vec![output]
            }),
            ..Broken::default()
        }
    })
}
