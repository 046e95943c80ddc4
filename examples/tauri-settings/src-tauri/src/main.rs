//! Starts the application.

fn main() -> tauri::Result<()> {
    tauri_settings::backend(tauri::Builder::default()).run(tauri::generate_context!())
}
