//! The tokio driver, in tokio's paused time: what earlier implementations of this model get wrong, with real futures.
#![cfg(feature = "tokio")]

mod application;

use application::{Application, event, snapshot};
use state_sync::{Revision, SyncPhase};
use state_sync_engine::{Attempts, Note, Options, Status, SyncError, Throttling};
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::time::{Instant, advance, sleep, timeout};

const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

#[tokio::test(start_paused = true)]
async fn start_succeeds_once_the_first_snapshot_is_applied() {
    let application = Application::new(4);
    application.set_pull_time(ms(30));
    let sync = application.builder().build().unwrap();
    let begin = Instant::now();
    let (first, second) = tokio::join!(sync.start(), sync.start());
    assert!(first.is_ok() && second.is_ok());
    assert_eq!(begin.elapsed(), ms(30));
    assert_eq!(application.applied(), [4]);
    assert_eq!((sync.local_revision(), sync.status()), (Revision::new(4), Status::Live));
    assert_eq!(application.subscriptions(), 1, "a second start shares the first one's subscription");
}

#[tokio::test(start_paused = true)]
async fn events_lead_to_few_pulls_and_the_last_state() {
    let application = Application::new(0);
    let sync = application.builder().build().unwrap();
    sync.start().await.unwrap();
    // A slider of 60 Hz for a second.
    for revision in 1..=60 {
        application.change(revision);
        sleep(ms(16)).await;
    }
    sleep(ms(200)).await;
    assert_eq!(sync.local_revision(), Revision::new(60));
    assert!(application.pulls() <= 12, "{} pulls", application.pulls());
}

#[tokio::test(start_paused = true)]
async fn a_port_that_never_settles_times_out_and_is_cancelled() {
    let application = Application::new(1);
    application.set_pull_time(Duration::MAX);
    let options = Options {
        retry: state_sync_engine::RetryPolicy { max_attempts: Attempts::AtMost(1), ..Default::default() },
        ..Options::default()
    };
    let sync = application.builder().options(options).build().unwrap();
    let begin = Instant::now();
    let error = sync.refresh().await.unwrap_err();
    assert!(matches!(*error, SyncError::TimedOut { after, .. } if after == ms(10_000)), "{error}");
    assert_eq!(begin.elapsed(), ms(10_000));
    assert_eq!(application.dropped_pulls(), 1, "the future is dropped with its cancellation");
    application.set_pull_time(ms(1));
    sync.refresh().await.unwrap();
    assert_eq!(sync.local_revision(), Revision::new(1));
}

#[tokio::test(start_paused = true)]
async fn one_transient_failure_is_made_up_for_without_an_event() {
    let application = Application::new(1);
    let sync = application.builder().random(|| 0.0).build().unwrap();
    sync.start().await.unwrap();
    application.fail_next_pulls(1);
    application.change(2);
    sleep(ms(1)).await;
    assert_eq!(sync.status(), Status::Stale);
    sleep(ms(600)).await;
    assert_eq!((sync.local_revision(), sync.status()), (Revision::new(2), Status::Live));
    assert_eq!(application.phases(), [SyncPhase::GetSnapshot]);
}

#[tokio::test(start_paused = true)]
async fn a_lagging_source_is_pulled_until_the_promise_is_reached() {
    let application = Application::new(4);
    let sync = application.builder().random(|| 0.0).build().unwrap();
    sync.start().await.unwrap();
    application.deliver(&event(5));
    sleep(ms(100)).await;
    application.set_revision(5);
    sleep(ms(500)).await;
    assert_eq!(application.applied(), [4, 5]);
    assert!(application.phases().is_empty());
}

#[tokio::test(start_paused = true)]
async fn stop_while_subscribing_ends_the_subscription_that_comes_late() {
    let application = Application::new(1);
    application.set_subscribe_time(ms(50));
    let sync = application.builder().build().unwrap();
    let start = sync.start();
    sleep(ms(10)).await;
    sync.stop();
    assert_eq!(sync.status(), Status::Stopped);
    assert!(matches!(*start.await.unwrap_err(), SyncError::Stopped));
    assert_eq!(application.unsubscriptions(), 0);
    sleep(ms(100)).await;
    assert_eq!((application.subscriptions(), application.unsubscriptions()), (1, 1));
    assert!(application.phases().is_empty(), "stopping is no error");
    assert!(sync.refresh().await.is_ok(), "a refresh after stop does nothing");
    assert!(sync.start().await.is_err());
    assert_eq!(application.pulls(), 0);
}

#[tokio::test(start_paused = true)]
async fn stop_settles_what_is_under_way_and_drops_the_timers() {
    let application = Application::new(1);
    let sync = application.builder().build().unwrap();
    sync.start().await.unwrap();
    application.set_pull_time(Duration::MAX);
    let (refresh, queued) = (sync.refresh(), sync.refresh());
    sleep(ms(5)).await;
    sync.stop();
    assert!(refresh.await.is_ok() && queued.await.is_ok());
    assert_eq!(application.unsubscriptions(), 1);
    application.change(2);
    sleep(ms(60_000)).await;
    assert_eq!((application.pulls(), application.applied()), (2, vec![1]));
}

#[tokio::test(start_paused = true)]
async fn callbacks_that_panic_do_no_harm() {
    let application = Application::new(1);
    let notes = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&notes);
    let sync = application
        .builder()
        .should_refresh(|_| panic!("should not"))
        .on_error(|_| panic!("on error"))
        .on_status(|_| panic!("on status"))
        .logger(move |note| {
            seen.lock().unwrap().push(note.clone());
            panic!("log");
        })
        .build()
        .unwrap();
    sync.start().await.unwrap();
    application.change(2);
    sleep(ms(10)).await;
    assert_eq!(sync.local_revision(), Revision::new(2), "a shouldRefresh that fails counts as yes");
    assert_eq!(sync.metrics().errors(SyncPhase::Invalidation), 1);
    let callbacks: Vec<_> = notes
        .lock()
        .unwrap()
        .iter()
        .map(|note| match note {
            Note::CallbackPanicked { callback, .. } => *callback,
            Note::TopicWithWhiteSpace => "topic",
        })
        .collect();
    assert_eq!(callbacks, ["status", "status", "onError"]);
}

#[tokio::test(start_paused = true)]
async fn ports_that_panic_fail_like_any_other() {
    let application = Application::new(1);
    let sync = application.builder().random(|| 0.0).build().unwrap();
    application.panic_next_pulls(1);
    sync.start().await.unwrap();
    assert_eq!(application.phases(), [SyncPhase::GetSnapshot]);
    assert_eq!(application.applied(), [1]);
}

#[tokio::test(start_paused = true)]
async fn callbacks_may_call_the_engine_itself() {
    let application = Application::new(1);
    let handle = Arc::new(Mutex::new(None::<application::Sync>));
    let inside = Arc::clone(&handle);
    let sync = application
        .builder()
        .on_status(move |status| {
            if status == Status::Live {
                inside.lock().unwrap().as_ref().unwrap().stop();
            }
        })
        .build()
        .unwrap();
    *handle.lock().unwrap() = Some(sync.clone());
    let error = sync.start().await.unwrap_err();
    assert!(matches!(*error, SyncError::Stopped), "the start was still under way");
    assert_eq!((sync.status(), application.unsubscriptions()), (Status::Stopped, 1));
    handle.lock().unwrap().take();
}

#[tokio::test(start_paused = true)]
async fn a_queued_refresh_survives_the_failure_of_the_one_before() {
    let application = Application::new(3);
    application.set_pull_time(ms(20));
    application.fail_next_pulls(1);
    let sync = application.builder().random(|| 0.0).build().unwrap();
    let first = sync.refresh();
    sleep(ms(5)).await;
    let second = sync.refresh();
    assert!(first.await.is_ok() && second.await.is_ok());
    assert_eq!((application.pulls(), application.applied()), (2, vec![3]));
}

#[tokio::test(start_paused = true)]
async fn the_event_loop_turns_between_pulls_of_a_source_that_answers_at_once() {
    let application = Application::new(1);
    let sync = application.builder().build().unwrap();
    let (rounds, other) = (Arc::new(Mutex::new(0)), Arc::new(Mutex::new(0)));
    let (pulled, turned) = (Arc::clone(&rounds), Arc::clone(&other));
    let busy = tokio::spawn(async move {
        for _ in 0..50 {
            let (first, second) = tokio::join!(sync.refresh(), sync.refresh());
            assert!(first.is_ok() && second.is_ok());
            *pulled.lock().unwrap() += 1;
        }
    });
    while !busy.is_finished() {
        *turned.lock().unwrap() += 1;
        tokio::task::yield_now().await;
    }
    assert_eq!(*rounds.lock().unwrap(), 50);
    assert!(*other.lock().unwrap() >= 50, "another task had its turn");
}

#[tokio::test(start_paused = true)]
async fn offers_seed_the_gate_and_tell_whether_they_were_applied() {
    let application = Application::new(3);
    let sync = application.builder().build().unwrap();
    assert!(sync.offer(snapshot(2)).await);
    assert!(!sync.offer(snapshot(1)).await);
    assert!(!sync.offer(snapshot(2)).await);
    sync.start().await.unwrap();
    assert_eq!(application.applied(), [2, 3]);
    assert_eq!((sync.metrics().applied, sync.metrics().skipped), (2, 2));
}

#[tokio::test(start_paused = true)]
async fn dropping_the_last_handle_ends_the_subscription() {
    let application = Application::new(1);
    let sync = application.builder().build().unwrap();
    sync.start().await.unwrap();
    let clone = sync.clone();
    drop(sync);
    assert_eq!(application.unsubscriptions(), 0);
    let refresh = {
        application.set_pull_time(Duration::MAX);
        clone.refresh()
    };
    sleep(ms(1)).await;
    drop(clone);
    assert_eq!(application.unsubscriptions(), 1);
    assert!(matches!(*refresh.await.unwrap_err(), SyncError::Stopped));
    application.change(2);
    sleep(ms(1000)).await;
    assert_eq!(application.pulls(), 2);
}

#[tokio::test(start_paused = true)]
async fn delays_longer_than_a_timer_holds_are_kept() {
    let application = Application::new(1);
    let month = Duration::from_secs(30 * 24 * 60 * 60);
    let throttling = Throttling { throttle: month, ..Throttling::default() };
    let sync = application.builder().options(Options { throttling, ..Options::default() }).build().unwrap();
    sync.start().await.unwrap();
    application.change(2);
    sleep(ms(10)).await;
    application.change(3);
    advance(month - Duration::from_secs(60)).await;
    sleep(ms(10)).await;
    assert_eq!(application.applied(), [1, 2]);
    sleep(Duration::from_secs(61)).await;
    assert_eq!(application.applied(), [1, 2, 3]);
}

#[tokio::test(start_paused = true)]
async fn the_status_can_be_watched() {
    let application = Application::new(1);
    let sync = application.builder().build().unwrap();
    let mut watch = sync.watch();
    assert_eq!(*watch.borrow_and_update(), Status::Idle);
    let start = sync.start();
    let starting = *watch.borrow_and_update();
    let live = timeout(ms(100), watch.wait_for(|status| *status == Status::Live)).await;
    assert_eq!(starting, Status::Starting);
    assert!(live.is_ok());
    start.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_threads_may_use_one_engine() {
    let application = Application::new(0);
    let throttling = Throttling { throttle: Duration::ZERO, ..Throttling::default() };
    let sync = application.builder().options(Options { throttling, ..Options::default() }).build().unwrap();
    sync.start().await.unwrap();
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let (sync, application) = (sync.clone(), application.clone());
            tokio::spawn(async move {
                for _ in 0..200 {
                    application.change_by_one();
                    if fastrand::bool() {
                        sync.refresh().await.unwrap();
                    } else {
                        tokio::task::yield_now().await;
                    }
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    sync.refresh().await.unwrap();
    assert_eq!(sync.local_revision(), Revision::new(1600));
    let applied = application.applied();
    assert!(applied.is_sorted_by(|left, right| left < right), "{applied:?}");
    sync.stop();
    assert_eq!(application.unsubscriptions(), 1);
}

#[test]
fn a_driver_needs_a_runtime() {
    let error = Application::new(1).builder().build().unwrap_err();
    assert_eq!(error.option(), "clock");
}
