//! The desk off the loop: one thread for commands, in their order; one for questions; one that watches for changes.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::{io, thread};

use crate::desk::{Command, Desk, DeskError, Entropy, Query, Request};

use super::super::screen::{Effect, Msg, Ticket};
use super::incoming::{Incoming, Teller};

/// Commands that wait to be carried out; nobody types so many ahead.
const COMMANDS_MAX: usize = 64;

/// Questions that wait for an answer.
const QUESTIONS_MAX: usize = 256;

/// The threads that talk to the desk.
pub(super) struct Workers {
    commands: SyncSender<(Ticket, Command)>,
    questions: Arc<Questions>,
    /// Questions about the desk's health: they are answered although another one waits for a desk that is away.
    health: Arc<Questions>,
    teller: Teller,
}

/// Questions that wait, oldest first.
#[derive(Default)]
struct Questions {
    line: Mutex<Line>,
    is_asked: Condvar,
}

#[derive(Default)]
struct Line {
    waiting: VecDeque<(Ticket, Query)>,
    /// Set once the search that is being answered is not wanted any more; nothing where none is being answered.
    searching: Option<Arc<AtomicBool>>,
}

/// A question whose turn has come.
struct Turn {
    ticket: Ticket,
    query: Query,
    /// Set once a newer search was asked for.
    is_replaced: Arc<AtomicBool>,
}

impl Workers {
    /// Starts the threads.
    pub(super) fn start(
        desk: &Arc<dyn Desk>,
        entropy: Arc<dyn Entropy>,
        teller: &Teller,
    ) -> io::Result<Self> {
        let (commands, ordered) = sync_channel(COMMANDS_MAX);
        let questions = Arc::new(Questions::default());
        let health = Arc::new(Questions::default());
        spawn("desk-commands", teller, {
            let (desk, teller) = (Arc::clone(desk), teller.clone());
            move || execute(desk.as_ref(), entropy.as_ref(), &ordered, &teller)
        })?;
        spawn("desk-questions", teller, {
            let (desk, teller) = (Arc::clone(desk), teller.clone());
            let questions = Arc::clone(&questions);
            move || answer(desk.as_ref(), &questions, &teller)
        })?;
        spawn("desk-health", teller, {
            let (desk, teller) = (Arc::clone(desk), teller.clone());
            let health = Arc::clone(&health);
            move || answer(desk.as_ref(), &health, &teller)
        })?;
        spawn("desk-feed", teller, {
            let (feed, teller) = (desk.watch(), teller.clone());
            move || {
                while let Some(change) = feed.wait_rested() {
                    if !teller.tell(Incoming::Told(Msg::Changed(change))) {
                        return;
                    }
                }
            }
        })?;
        Ok(Self { commands, questions, health, teller: teller.clone() })
    }

    /// Hands an effect to its thread; how many more answers are to be expected. It never waits.
    pub(super) fn begin(&self, effect: Effect) -> isize {
        match effect {
            Effect::Quit | Effect::Bell | Effect::Redraw => 0,
            Effect::Ask(ticket, query @ Query::Health(_)) => self.health.push(ticket, query),
            Effect::Ask(ticket, query) => self.questions.push(ticket, query),
            Effect::Execute(ticket, command) => match self.commands.try_send((ticket, *command)) {
                Ok(()) => 1,
                Err(TrySendError::Full((ticket, _)) | TrySendError::Disconnected((ticket, _))) => {
                    let error = DeskError::Lost("too much waits to be done".to_owned());
                    let told = Incoming::Told(Msg::Executed(ticket, Box::new(Err(error))));
                    // The loop reads this channel itself, so it must not wait here; a full one is full of answers.
                    isize::from(self.teller.try_tell(told))
                }
            },
        }
    }
}

impl Questions {
    fn line(&self) -> MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a question. A search that still waits, or is being answered, is replaced by a newer one, for its answer would
    /// be old; how many more answers are to be expected.
    fn push(&self, ticket: Ticket, query: Query) -> isize {
        let mut line = self.line();
        let before = line.waiting.len();
        let mut replaced = 0;
        if matches!(query, Query::Find(_)) {
            line.waiting.retain(|(_, query)| !matches!(query, Query::Find(_)));
            replaced = before - line.waiting.len();
            if let Some(searching) = line.searching.take() {
                searching.store(true, Ordering::Release);
                replaced += 1;
            }
        }
        let is_full = line.waiting.len() >= QUESTIONS_MAX;
        let dropped = usize::from(is_full && line.waiting.pop_front().is_some());
        line.waiting.push_back((ticket, query));
        self.is_asked.notify_one();
        1 - isize::try_from(replaced + dropped).unwrap_or_default()
    }

    /// The oldest question, once there is one.
    fn take(&self) -> Turn {
        let mut line = self.line();
        loop {
            if let Some((ticket, query)) = line.waiting.pop_front() {
                let is_replaced = Arc::new(AtomicBool::new(false));
                line.searching = matches!(query, Query::Find(_)).then(|| Arc::clone(&is_replaced));
                return Turn { ticket, query, is_replaced };
            }
            line = self.is_asked.wait(line).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Ends a question's turn; whether its answer is still expected.
    fn end(&self, is_replaced: &AtomicBool) -> bool {
        self.line().searching = None;
        !is_replaced.load(Ordering::Acquire)
    }
}

fn execute(
    desk: &dyn Desk,
    entropy: &dyn Entropy,
    commands: &Receiver<(Ticket, Command)>,
    teller: &Teller,
) {
    while let Ok((ticket, command)) = commands.recv() {
        let id = u128::from_le_bytes(entropy.draw());
        let receipt = desk.execute(Request { id, command });
        if !teller.tell(Incoming::Told(Msg::Executed(ticket, Box::new(receipt)))) {
            return;
        }
    }
}

fn answer(desk: &dyn Desk, questions: &Questions, teller: &Teller) {
    loop {
        let Turn { ticket, query, is_replaced } = questions.take();
        let answer = desk.query_unless(query, &|| is_replaced.load(Ordering::Acquire));
        if !questions.end(&is_replaced) {
            continue;
        }
        if !teller.tell(Incoming::Told(Msg::Answered(ticket, Box::new(answer)))) {
            return;
        }
    }
}

/// Starts a thread that says so where it dies, for a screen that waits for it would wait for ever.
pub(super) fn spawn(
    name: &str,
    teller: &Teller,
    run: impl FnOnce() + Send + 'static,
) -> io::Result<()> {
    let guard = Guard { name: name.to_owned(), teller: teller.clone() };
    thread::Builder::new().name(name.to_owned()).spawn(move || {
        let _guard = guard;
        run();
    })?;
    Ok(())
}

struct Guard {
    name: String,
    teller: Teller,
}

impl Drop for Guard {
    fn drop(&mut self) {
        if thread::panicking() {
            self.teller.tell(Incoming::Failed(format!("the thread {} died", self.name)));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant as Moment};

    use super::super::incoming::way;
    use super::*;
    use crate::desk::{Ask as _, AskFind, AskWho};

    #[test]
    fn a_search_that_waits_is_replaced_and_nothing_else_is() {
        let questions = Questions::default();
        let find = |text: &str| AskFind { text: text.to_owned(), limit: 8 }.into_query();
        assert_eq!(questions.push(Ticket(1), find("m")), 1);
        assert_eq!(questions.push(Ticket(2), AskWho {}.into_query()), 1);
        assert_eq!(questions.push(Ticket(3), find("mo")), 0);
        assert_eq!(questions.take().ticket, Ticket(2));
        let turn = questions.take();
        assert_eq!((turn.ticket, turn.query), (Ticket(3), find("mo")));
    }

    /// A desk whose searches go on until they are given up, and that counts them.
    struct Endless {
        begun: SyncSender<String>,
    }

    impl Desk for Endless {
        fn execute(&self, _: Request) -> Result<crate::desk::Receipt, DeskError> {
            Err(DeskError::GivenUp)
        }

        fn query(&self, _: Query) -> Result<crate::desk::Answer, DeskError> {
            Err(DeskError::NotFound("anything but searches".to_owned()))
        }

        fn query_unless(
            &self,
            query: Query,
            is_cancelled: &dyn Fn() -> bool,
        ) -> Result<crate::desk::Answer, DeskError> {
            let Query::Find(ask) = query else { return self.query(query) };
            let is_last = ask.text == "moham";
            self.begun.send(ask.text).unwrap();
            while !is_last && !is_cancelled() {
                thread::yield_now();
            }
            Err(if is_last { DeskError::NotFound("moham".to_owned()) } else { DeskError::GivenUp })
        }

        fn watch(&self) -> crate::desk::Feed {
            crate::desk::Feed::channel().1
        }
    }

    #[test]
    fn a_newer_text_stops_the_search_under_way_and_only_the_newest_is_answered() {
        let (begun, searches) = sync_channel(16);
        let (teller, mut ears) = way().unwrap();
        let questions = Arc::new(Questions::default());
        let find = |text: &str| AskFind { text: text.to_owned(), limit: 8 }.into_query();
        let asked = Arc::clone(&questions);
        thread::spawn(move || answer(&Endless { begun }, &asked, &teller));
        assert_eq!(questions.push(Ticket(1), find("m")), 1);
        assert_eq!(searches.recv().unwrap(), "m");
        // The one under way is given up, and the next ones replace each other while nobody has begun them.
        let mut expected = 1;
        for (ticket, text) in (2..).zip(["mo", "moh", "moha", "moham"]) {
            expected += questions.push(Ticket(ticket), find(text));
        }
        assert_eq!(expected, 1);
        let until = Moment::now() + Duration::from_secs(60);
        let Some(Incoming::Told(Msg::Answered(ticket, _))) = ears.next(until) else {
            unreachable!("nothing but an answer is told")
        };
        assert_eq!(ticket, Ticket(5));
        assert!(ears.next(Moment::now()).is_none());
    }
}
