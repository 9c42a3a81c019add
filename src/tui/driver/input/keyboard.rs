//! The terminal's keys for the loop, which hears them itself; and who hears them in its stead while it is at work for longer.
//!
//! What was typed is told from what was pasted by the pauses between letters, and these are known only to whoever hears them
//! all the time. A thread that always did would have to wake the loop for each key. So the loop sets a timer whenever it
//! goes to work, and only where it runs out, [`Keyboard::stand_by`] hears the keys until the loop is back.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Stdin};
use std::os::fd::{AsFd as _, OwnedFd};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant as Moment};

use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::fs::OFlags;
use rustix::io::Errno;
use rustix::time::{
    Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, timerfd_create, timerfd_settime,
};

use super::super::incoming::Incoming;
use super::super::line::{Line, wait_for};
use super::super::output::Ending;
use super::decoder::Decoder;
use super::reader::{Heard, LOT_BYTES_MAX, next_lot};
use super::typed::Typed;

/// Lots that are kept while the loop is at work; what is more waits in the system.
const KEPT_MAX: usize = 1_024;

/// How long the loop may be at work before somebody else hears the keys: less than any pause between those of a hand.
const UNHEARD_MAX: Timespec = Timespec { tv_sec: 0, tv_nsec: 4_000_000 };

/// How often whoever hears the keys in the loop's stead looks whether it is back.
const LOOK: Duration = Duration::from_millis(50);

/// Below so many bytes, nothing is left of what came together: a terminal takes a longer text apart.
const WHOLE_BYTES: usize = 64;

/// No time at all, which stops a timer.
const NEVER: Timespec = Timespec { tv_sec: 0, tv_nsec: 0 };

/// The terminal's keys.
#[derive(Debug)]
pub(in crate::tui::driver) struct Keyboard {
    line: Line<Stdin>,
    hearing: Mutex<Hearing>,
    /// Runs out once the loop has been at work for longer.
    timer: OwnedFd,
    ending: Ending,
}

/// What was heard, and what is known of the time.
#[derive(Debug)]
struct Hearing {
    decoder: Decoder,
    bytes: Vec<u8>,
    /// When the last byte came.
    last: Moment,
    /// How long nothing may come before the decoder is told.
    deadline: Option<Duration>,
    kept: VecDeque<Vec<Typed>>,
    /// Whether the loop waits for keys, rather than being at work.
    is_waited_for: bool,
    is_gone: bool,
    /// Whether it was told that the terminal is gone.
    is_end_told: bool,
}

impl Keyboard {
    /// The terminal's keys, with so long a wait for what follows an Esc. A terminal that is gone ends the program.
    ///
    /// # Errors
    /// The system gives no timer.
    pub(in crate::tui::driver) fn new(escape_delay: Duration, ending: Ending) -> io::Result<Self> {
        Self::on(Line::of(io::stdin(), OFlags::RDONLY), escape_delay, ending)
    }

    fn on(line: Line<Stdin>, escape_delay: Duration, ending: Ending) -> io::Result<Self> {
        let hearing = Hearing {
            decoder: Decoder::new(escape_delay),
            bytes: vec![0; LOT_BYTES_MAX],
            last: Moment::now(),
            deadline: None,
            kept: VecDeque::new(),
            is_waited_for: false,
            is_gone: false,
            is_end_told: false,
        };
        let timer = timerfd_create(TimerfdClockId::Monotonic, TimerfdFlags::CLOEXEC)?;
        let keyboard = Self { line, hearing: Mutex::new(hearing), timer, ending };
        keyboard.run_out_in(UNHEARD_MAX);
        Ok(keyboard)
    }

    /// A keyboard that is heard on this rather than on the terminal.
    #[cfg(test)]
    pub(in crate::tui::driver) fn heard_on(end: OwnedFd) -> std::sync::Arc<Self> {
        rustix::io::ioctl_fionbio(&end, true).unwrap();
        let line = Line::Own(File::from(end));
        let keyboard = Self::on(line, Duration::from_millis(1), Ending::default());
        std::sync::Arc::new(keyboard.unwrap())
    }

    fn hearing(&self) -> MutexGuard<'_, Hearing> {
        self.hearing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for something else, at most so long and no longer than something is typed; whether the other came. A signal ends
    /// the wait, too. For the loop, which is at work as soon as this returns.
    pub(in crate::tui::driver) fn hear_beside(&self, other: PollFd<'_>, wait: Duration) -> bool {
        let mut hearing = self.hearing();
        let wait = if hearing.has_something() { Duration::ZERO } else { wait };
        let wait = hearing.due_in().map_or(wait, |due| due.min(wait));
        let rests = !wait.is_zero();
        hearing.is_waited_for = rests;
        let terminal = self.watched(&hearing);
        drop(hearing);
        if rests {
            self.run_out_in(NEVER);
        }
        let (found, other) = if let Some(terminal) = terminal {
            wait_for([terminal, other], wait).into()
        } else {
            let [other] = wait_for([other], wait);
            (PollFlags::empty(), other)
        };
        let mut hearing = self.hearing();
        hearing.is_waited_for = false;
        if rests {
            self.run_out_in(UNHEARD_MAX);
        }
        self.hear(&mut hearing, found);
        !other.is_empty()
    }

    /// The next lot that was typed; once none is left and the terminal is gone, that the program is to end.
    pub(in crate::tui::driver) fn next(&self) -> Option<Incoming> {
        let mut hearing = self.hearing();
        if hearing.is_full() {
            // Whoever stands by gave up for want of room.
            self.run_out_in(UNHEARD_MAX);
        }
        hearing.next()
    }

    /// Hears the keys while the loop is at work for longer. For a thread of its own; it ends where there is no timer.
    pub(in crate::tui::driver) fn stand_by(&self) {
        loop {
            match rustix::io::read(&self.timer, &mut [0; size_of::<u64>()]) {
                Ok(_) | Err(Errno::INTR) => while self.hear_in_its_stead() {},
                Err(_) => return,
            }
        }
    }

    /// Hears what comes, for a moment; whether the loop is still at work, and there is something to hear.
    pub(in crate::tui::driver) fn hear_in_its_stead(&self) -> bool {
        let hearing = self.hearing();
        let due = hearing.due_in();
        let Some(terminal) = self.watched(&hearing).filter(|_| !hearing.is_waited_for) else {
            return false;
        };
        drop(hearing);
        let [found] = wait_for([terminal], due.map_or(LOOK, |due| due.min(LOOK)));
        let mut hearing = self.hearing();
        if !hearing.is_waited_for {
            self.hear(&mut hearing, found);
        }
        !hearing.is_waited_for
    }

    /// What is to be watched for bytes; nothing where the terminal is gone, or enough is kept.
    fn watched(&self, hearing: &Hearing) -> Option<PollFd<'_>> {
        hearing.is_heard().then(|| PollFd::from_borrowed_fd(self.line.as_fd(), PollFlags::IN))
    }

    /// Has the timer run out in so long.
    fn run_out_in(&self, wait: Timespec) {
        let time = Itimerspec { it_interval: NEVER, it_value: wait };
        // Without it, keys that are typed during a long work are heard after it.
        let _before = timerfd_settime(&self.timer, TimerfdTimerFlags::empty(), &time);
    }

    /// Takes what has come, by what was found of the terminal, or notes that nothing did.
    fn hear(&self, hearing: &mut Hearing, found: PollFlags) {
        let came = match &self.line {
            _ if found.is_empty() || !hearing.is_heard() => Heard::Silence,
            Line::Given(stdin) => next_lot(stdin, &mut hearing.bytes, Some(Duration::ZERO)),
            Line::Own(_) if !found.contains(PollFlags::IN) => Heard::Gone,
            Line::Own(terminal) => read_now(terminal, &mut hearing.bytes),
        };
        if matches!(came, Heard::Gone) {
            self.ending.begin();
        }
        hearing.take(&came);
    }
}

impl Hearing {
    /// Whether anything is heard: the terminal is not gone, and there is room.
    fn is_heard(&self) -> bool {
        !self.is_gone && !self.is_full()
    }

    fn is_full(&self) -> bool {
        self.kept.len() >= KEPT_MAX
    }

    /// How long may be waited before [`Hearing::take`] is to be told that nothing came.
    fn due_in(&self) -> Option<Duration> {
        let deadline = self.deadline.filter(|_| self.is_heard())?;
        Some(deadline.saturating_sub(self.last.elapsed()))
    }

    fn take(&mut self, came: &Heard) {
        let typed = match came {
            Heard::Bytes(length) => {
                self.last = Moment::now();
                self.decoder.take(self.bytes.get(..*length).unwrap_or_default())
            }
            Heard::Silence => {
                let so_far = self.last.elapsed();
                if self.deadline.is_none_or(|deadline| so_far < deadline) {
                    return;
                }
                self.decoder.silence(so_far)
            }
            Heard::Gone => {
                self.is_gone = true;
                return;
            }
        };
        self.deadline = self.decoder.deadline();
        if !typed.is_empty() {
            self.kept.push_back(typed);
        }
    }

    /// Whether [`Hearing::next`] has something to say.
    fn has_something(&self) -> bool {
        !self.kept.is_empty() || (self.is_gone && !self.is_end_told)
    }

    fn next(&mut self) -> Option<Incoming> {
        let typed = self.kept.pop_front().map(Incoming::Typed);
        let is_end = typed.is_none() && self.is_gone && !self.is_end_told;
        self.is_end_told |= is_end;
        typed.or_else(|| is_end.then_some(Incoming::End))
    }
}

/// Takes what is there, without waiting. Few bytes are all that there was; of more, some may be left.
fn read_now(terminal: &File, room: &mut [u8]) -> Heard {
    let mut length = 0;
    loop {
        let rest = room.get_mut(length..).unwrap_or_default();
        match rustix::io::read(terminal, rest) {
            Ok(read) if read > 0 && read < WHOLE_BYTES => return Heard::Bytes(length + read),
            Ok(read) if read > 0 => length += read,
            Err(Errno::INTR) => {}
            // A terminal that is gone says so again.
            _ if length > 0 => return Heard::Bytes(length),
            Err(Errno::AGAIN) => return Heard::Silence,
            Ok(_) | Err(_) => return Heard::Gone,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{PipeWriter, Write as _};
    use std::sync::Arc;

    use rustix::event::{EventfdFlags, eventfd};

    use super::*;
    use crate::keymap::{Key, KeyCode};

    /// Longer than anything is waited for.
    const LONG: Duration = Duration::from_secs(60);

    /// A keyboard, whoever types on it, and whether the program is to end.
    fn keyboard() -> (Arc<Keyboard>, PipeWriter, Ending) {
        let (end, typing) = io::pipe().unwrap();
        let keyboard = Keyboard::heard_on(OwnedFd::from(end));
        let ending = keyboard.ending.clone();
        (keyboard, typing, ending)
    }

    /// Hears as the loop does, beside something that never comes.
    fn hear(keyboard: &Keyboard) -> Option<Incoming> {
        let never = eventfd(0, EventfdFlags::empty()).unwrap();
        let watched = PollFd::new(&never, PollFlags::IN);
        assert!(!keyboard.hear_beside(watched, LONG));
        keyboard.next()
    }

    fn keys(heard: Option<Incoming>) -> Vec<Key> {
        let Some(Incoming::Typed(lot)) = heard else { return Vec::new() };
        let key = |typed| if let Typed::Key(key) = typed { Some(key) } else { None };
        lot.into_iter().filter_map(key).collect()
    }

    #[test]
    fn a_key_that_a_sequence_may_follow_is_understood_once_nothing_does() {
        let (keyboard, mut typing, _) = keyboard();
        typing.write_all(b"\x1b").unwrap();
        assert!(hear(&keyboard).is_none(), "it may be the beginning of a sequence");
        assert_eq!(keys(hear(&keyboard)), [Key::plain(KeyCode::Esc)]);
        typing.write_all(b"j").unwrap();
        assert_eq!(keys(hear(&keyboard)), [Key::plain(KeyCode::Char('j'))], "no Alt-j");
    }

    #[test]
    fn what_comes_while_the_loop_is_at_work_is_understood_by_its_time() {
        let (keyboard, mut typing, _) = keyboard();
        let beside = Arc::clone(&keyboard);
        std::thread::spawn(move || beside.stand_by());
        let until = Moment::now() + LONG;
        for (lots, bytes) in [(1, b"\x1b"), (2, b"j")] {
            typing.write_all(bytes).unwrap();
            while keyboard.hearing().kept.len() < lots {
                assert!(Moment::now() < until, "nobody hears what is typed");
                std::thread::yield_now();
            }
        }
        assert_eq!(keys(hear(&keyboard)), [Key::plain(KeyCode::Esc)], "no Alt-j");
        assert_eq!(keys(hear(&keyboard)), [Key::plain(KeyCode::Char('j'))]);
    }

    #[test]
    fn no_more_is_kept_than_there_is_room_for_and_nothing_of_it_is_lost() {
        let (keyboard, mut typing, _) = keyboard();
        for lots in 1..=KEPT_MAX {
            typing.write_all(b"\x1b[A").unwrap();
            while keyboard.hearing().kept.len() < lots {
                keyboard.hear_in_its_stead();
            }
        }
        typing.write_all(b"j").unwrap();
        assert!(!keyboard.hear_in_its_stead(), "the rest waits where it is");
        for _ in 0..KEPT_MAX {
            assert_eq!(keys(hear(&keyboard)), [Key::plain(KeyCode::Up)]);
        }
        assert_eq!(keys(hear(&keyboard)), [Key::plain(KeyCode::Char('j'))]);
    }

    #[test]
    fn a_terminal_that_is_gone_ends_the_program_once_what_was_typed_is_taken() {
        let (keyboard, mut typing, ending) = keyboard();
        typing.write_all(b"j").unwrap();
        assert_eq!(keys(hear(&keyboard)), [Key::plain(KeyCode::Char('j'))]);
        typing.write_all(b"k").unwrap();
        while keyboard.hearing().kept.is_empty() {
            keyboard.hear_in_its_stead();
        }
        drop(typing);
        while keyboard.hear_in_its_stead() {}
        assert!(ending.has_begun(), "nobody waits for the terminal any more");
        assert_eq!(keys(hear(&keyboard)), [Key::plain(KeyCode::Char('k'))]);
        assert!(matches!(hear(&keyboard), Some(Incoming::End)));
        assert!(!keyboard.hearing().is_heard(), "it is said once");
    }
}
