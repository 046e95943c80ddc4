//! Epochs that were never used before.

use state_sync::Epoch;

use crate::SetupError;

/// A new epoch: 128 random bits in hexadecimal digits (`ENG-3`).
pub(crate) fn new_epoch() -> Result<Epoch, SetupError> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|error| SetupError::NoRandomness(error.to_string()))?;
    Ok(Epoch::new(bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>()))
}
