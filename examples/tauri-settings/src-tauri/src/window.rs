//! Further windows, which a window asks for.

use tauri::{AppHandle, Manager, Runtime, WebviewUrl, WebviewWindowBuilder};

/// Opens another window with the settings.
#[tauri::command(async)]
pub(crate) fn open_window<R: Runtime>(app: AppHandle<R>) -> tauri::Result<()> {
    let open = app.webview_windows();
    let free = (1_u32..).find(|number| !open.contains_key(&format!("window-{number}")));
    let number = free.unwrap_or_default();
    WebviewWindowBuilder::new(&app, format!("window-{number}"), WebviewUrl::default())
        .title(format!("Settings – window {number}"))
        .inner_size(880.0, 620.0)
        .build()?;
    Ok(())
}
