//! Engines that take offers for something else.

use super::{
    Mutant,
    engine_tools::{NOBODY, hearing, ruled, saying},
};
use state_sync::{SnapshotEnvelope, SyncPhase};
use state_sync_engine::{Caller, Input, Judgement, Outcome, Output, Rules, Status, SyncError};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "engine-malformed-offer-dropped",
        summary: "drops an offer that is no snapshot without a word",
        breaks: &["ENG-59"],
        answer: |request| {
            hearing(request, |inside, input| match input {
                Input::Offer { caller, snapshot: Err(_) } => {
                    inside.say(Output::Settle {
                        caller: Caller::Offer(caller),
                        outcome: Outcome::Offered(false),
                    });
                }
                other => inside.hear(other),
            })
        },
    },
    Mutant {
        name: "engine-offers-pass-the-gate",
        summary: "applies what other tabs send, older or not",
        breaks: &["ENG-60"],
        answer: |request| ruled(request, AppliesOffers),
    },
    Mutant {
        name: "engine-offer-begins-an-epoch",
        summary: "lets an offer say which epoch is current",
        breaks: &["ENG-60"],
        answer: |request| ruled(request, TrustsEpochs),
    },
    Mutant {
        name: "engine-offer-of-a-new-epoch-dropped",
        summary: "does not ask the provider about an epoch that an offer tells of",
        breaks: &["ENG-60"],
        answer: |request| ruled(request, NoGap),
    },
    Mutant {
        name: "engine-offers-need-start",
        summary: "cannot be seeded before it runs",
        breaks: &["ENG-61"],
        answer: |request| {
            hearing(request, |inside, input| match input {
                Input::Offer { caller, .. } if matches!(inside.status(), Status::Idle | Status::Starting) => {
                    inside.say(Output::Settle {
                        caller: Caller::Offer(caller),
                        outcome: Outcome::Offered(false),
                    });
                }
                other => inside.hear(other),
            })
        },
    },
    Mutant {
        name: "engine-last-offer-wins",
        summary: "applies the offer that came last, not the newest",
        breaks: &["ENG-62"],
        answer: |request| ruled(request, LastWins),
    },
    Mutant {
        name: "engine-offers-do-not-wait",
        summary: "applies an offer while another apply runs",
        breaks: &["ENG-62", "ENG-55"],
        answer: |request| {
            hearing(request, |inside, input| {
                if let Input::Offer { snapshot: Ok(snapshot), .. } = &input
                    && inside.memory.flag
                {
                    inside.say(Output::Apply { number: 99, snapshot: snapshot.clone() });
                }
                inside.memory.flag =
                    matches!(input, Input::Snapshot { outcome: Ok(_), .. } | Input::Offer { .. });
                inside.hear(input);
            })
        },
    },
    Mutant {
        name: "engine-failed-offer-pulls",
        summary: "pulls because an offer could not be applied",
        breaks: &["ENG-63"],
        answer: |request| {
            saying(request, |inside, output| {
                let failed = matches!(&output, Output::Report(report) if report.phase == SyncPhase::Apply && report.attempt.is_none());
                inside.say(output);
                if failed {
                    inside.hear(Input::Refresh(NOBODY));
                }
            })
        },
    },
    Mutant {
        name: "engine-failed-offer-not-reported",
        summary: "does not report that an offer could not be applied",
        breaks: &["ENG-63"],
        answer: |request| {
            saying(request, |inside, output| match output {
                Output::Report(report) if report.phase == SyncPhase::Apply && report.attempt.is_none() => {}
                other => inside.say(other),
            })
        },
    },
    Mutant {
        name: "engine-offer-is-always-taken",
        summary: "tells every offer that it was applied",
        breaks: &["ENG-64"],
        answer: |request| {
            saying(request, |inside, output| {
                inside.say(match output {
                    Output::Settle { caller: Caller::Offer(caller), outcome: Outcome::Offered(_) } => {
                        Output::Settle { caller: Caller::Offer(caller), outcome: Outcome::Offered(true) }
                    }
                    other => other,
                });
            })
        },
    },
    Mutant {
        name: "engine-time-out-of-an-offer-is-silent",
        summary: "does not report that the apply of an offer has timed out",
        breaks: &["ENG-63", "ENG-69"],
        answer: |request| {
            saying(request, |inside, output| match output {
                Output::Report(report)
                    if report.attempt.is_none() && matches!(*report.error, SyncError::TimedOut { .. }) => {}
                other => inside.say(other),
            })
        },
    },
];

struct AppliesOffers;
impl Rules for AppliesOffers {
    fn applies_offer(&self, _: Judgement) -> bool {
        true
    }
}

struct TrustsEpochs;
impl Rules for TrustsEpochs {
    fn applies_offer(&self, judgement: Judgement) -> bool {
        judgement.applies()
    }
}

struct NoGap;
impl Rules for NoGap {
    fn offer_is_gap(&self, _: Judgement) -> bool {
        false
    }
}

struct LastWins;
impl Rules for LastWins {
    fn is_newer_offer<D>(&self, _: &SnapshotEnvelope<D>, _: &SnapshotEnvelope<D>) -> bool {
        true
    }
}
