//! Makes the permissions of the plugin's commands.

fn main() {
    tauri_plugin::Builder::new(&["get_snapshot", "save_record", "load_record", "clear_record"]).build();
}
