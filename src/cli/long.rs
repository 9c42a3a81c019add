//! What every command that takes long has: a bar, a flag that signals set, and its time and speed in figures.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use indicatif::{ProgressBar, ProgressStyle};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

use super::error::CliError;
use super::output::Output;

/// The code of a program that a signal ended, for the second signal, which waits for nothing.
const EXIT_SIGNALLED: i32 = 130;

/// A bar on stderr where somebody watches, and nothing where nobody does.
pub(super) fn progress_bar(output: Output) -> ProgressBar {
    if !output.is_watched() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(0);
    let template = "{bar:30} {percent:>3} %  {msg}  {elapsed}";
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style.progress_chars("=> ")),
        Err(_our_own_template) => bar,
    }
}

/// A flag that Ctrl-C, a hang-up or a polite kill sets. What runs ends at the next row, block or step and cleans up; a
/// second signal ends the program at once, and the next try finds what is left then.
pub(super) fn stop_on_signals() -> Result<Arc<AtomicBool>, CliError> {
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        let flag = Arc::clone(&stop);
        // The order counts: the first signal must find the flag not set yet.
        signal_hook::flag::register_conditional_shutdown(signal, EXIT_SIGNALLED, flag)
            .and_then(|_| signal_hook::flag::register(signal, Arc::clone(&stop)))
            .map_err(CliError::failed_to("listen for signals"))?;
    }
    Ok(stop)
}

/// Has a second signal end the program at once; whoever calls this hears the first one and ends in order.
pub(super) fn stop_on_second_signal() -> Result<(), CliError> {
    stop_on_signals().map(drop)
}

/// Seconds to the millisecond.
pub(super) fn rounded(seconds: f64) -> f64 {
    (seconds * 1000.0).round() / 1000.0
}

/// Millions of bytes a second, to the tenth.
#[expect(clippy::cast_precision_loss, reason = "a rate is told to the tenth")]
pub(super) fn megabytes_per_second(bytes: u64, seconds: f64) -> f64 {
    let rate = bytes as f64 / 1_000_000.0 / seconds.max(0.001);
    (rate * 10.0).round() / 10.0
}
