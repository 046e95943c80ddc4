//! The backend numbers its changes and announces them.

use settings_app::{Backend, Theme};

#[test]
fn window_that_pulls_after_the_event_sees_the_change() {
    let backend = Backend::new("boot-7").unwrap();
    let update = backend.choose_theme(Theme::Dark).unwrap();
    assert_eq!(
        serde_json::to_string(&update.event).unwrap(),
        r#"{"topic":"settings","revision":"1","epoch":"boot-7"}"#
    );
    let pulled = backend.get_settings();
    assert_eq!(pulled, update.envelope);
    assert_eq!(pulled.data.theme, Theme::Dark);
}
