//! What the system tells the program: to end, that it goes on after a stop, that the terminal has another size.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};
use std::time::Duration;

use rustix::process::{Signal, kill_current_process_group};
use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGTERM, SIGWINCH};
use signal_hook::iterator::{Handle, Signals};

use super::incoming::{Incoming, Teller};
use super::output::Ending;
use super::workers::spawn;

/// How long sizes are waited for that follow upon each other, as while a window is dragged: each costs a whole screen.
const WINDOW_SETTLES: Duration = Duration::from_millis(30);

/// How long a stop may take to come. Where there is no shell to go on from, the system does not stop the program at all.
const STOP_COMES: Duration = Duration::from_millis(200);

/// The signals while casedesk has the terminal. Dropping it ends the thread that waits for them.
pub(super) struct Watch {
    handle: Handle,
    continued: Receiver<()>,
    is_stopping: Arc<AtomicBool>,
    /// Whoever waits for this waits no longer than the watch lasts.
    _lasts: Sender<()>,
}

impl Watch {
    /// Begins to watch.
    pub(super) fn begin(teller: &Teller, ending: &Ending) -> io::Result<Self> {
        let mut signals = Signals::new([SIGCONT, SIGHUP, SIGINT, SIGTERM, SIGWINCH])?;
        let handle = signals.handle();
        let is_stopping = Arc::new(AtomicBool::new(false));
        let (goes_on, continued) = sync_channel(1);
        let (lasts, is_over) = channel::<()>();
        spawn("signals", teller, {
            let (teller, ending, is_stopping) =
                (teller.clone(), ending.clone(), Arc::clone(&is_stopping));
            move || {
                for signal in signals.forever() {
                    let told = match signal {
                        SIGCONT if is_stopping.swap(false, Ordering::AcqRel) => {
                            // Whoever stopped the program waits for this, unless they gave up.
                            let _ = goes_on.try_send(());
                            continue;
                        }
                        SIGCONT => Incoming::Continued,
                        SIGWINCH => {
                            // Sizes that come meanwhile are one signal more.
                            let _ = is_over.recv_timeout(WINDOW_SETTLES);
                            Incoming::Resized
                        }
                        _ => {
                            ending.begin();
                            Incoming::End
                        }
                    };
                    if !teller.tell(told) {
                        return;
                    }
                }
            }
        })?;
        Ok(Self { handle, continued, is_stopping, _lasts: lasts })
    }

    /// Stops the whole job as Ctrl-Z does elsewhere, and returns when it goes on.
    pub(super) fn stop(&self) -> io::Result<()> {
        while self.continued.try_recv().is_ok() {}
        self.is_stopping.store(true, Ordering::Release);
        kill_current_process_group(Signal::TSTP)?;
        // Another thread may be the one that is stopped first: without this wait, the terminal would be taken again before
        // the shell has it.
        let _ = self.continued.recv_timeout(STOP_COMES);
        self.is_stopping.store(false, Ordering::Release);
        Ok(())
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.handle.close();
    }
}
