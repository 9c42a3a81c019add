//! The desk off the loop: one thread for commands, in their order; one for questions; one that watches for changes.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::{io, thread};

use crate::desk::{Command, Desk, DeskError, Entropy, Query, Request};

use super::super::screen::{Effect, Msg, Ticket};
use super::run::Incoming;

/// Commands that wait to be carried out; nobody types so many ahead.
const COMMANDS_MAX: usize = 64;

/// Questions that wait for an answer.
const QUESTIONS_MAX: usize = 256;

/// The threads that talk to the desk.
pub(super) struct Workers {
    commands: SyncSender<(Ticket, Command)>,
    questions: Arc<Questions>,
    incoming: SyncSender<Incoming>,
}

/// Questions that wait, oldest first.
#[derive(Default)]
struct Questions {
    waiting: Mutex<VecDeque<(Ticket, Query)>>,
    is_asked: Condvar,
}

impl Workers {
    /// Starts the threads.
    pub(super) fn start(
        desk: &Arc<dyn Desk>,
        entropy: Arc<dyn Entropy>,
        incoming: &SyncSender<Incoming>,
    ) -> io::Result<Self> {
        let (commands, ordered) = sync_channel(COMMANDS_MAX);
        let questions = Arc::new(Questions::default());
        spawn("desk-commands", incoming, {
            let (desk, incoming) = (Arc::clone(desk), incoming.clone());
            move || execute(desk.as_ref(), entropy.as_ref(), &ordered, &incoming)
        })?;
        spawn("desk-questions", incoming, {
            let (desk, incoming) = (Arc::clone(desk), incoming.clone());
            let questions = Arc::clone(&questions);
            move || answer(desk.as_ref(), &questions, &incoming)
        })?;
        spawn("desk-feed", incoming, {
            let (feed, incoming) = (desk.watch(), incoming.clone());
            move || {
                while let Some(change) = feed.wait() {
                    if incoming.send(Incoming::Told(Msg::Changed(change))).is_err() {
                        return;
                    }
                }
            }
        })?;
        Ok(Self { commands, questions, incoming: incoming.clone() })
    }

    /// Hands an effect to its thread; how many more answers are to be expected. It never waits.
    pub(super) fn begin(&self, effect: Effect) -> isize {
        match effect {
            Effect::Quit => 0,
            Effect::Ask(ticket, query) => self.questions.push(ticket, query),
            Effect::Execute(ticket, command) => match self.commands.try_send((ticket, *command)) {
                Ok(()) => 1,
                Err(TrySendError::Full((ticket, _)) | TrySendError::Disconnected((ticket, _))) => {
                    let error = DeskError::Lost("too much waits to be done".to_owned());
                    let told = Incoming::Told(Msg::Executed(ticket, Box::new(Err(error))));
                    // The loop reads this channel itself, so it must not wait here; a full one is full of answers.
                    isize::from(self.incoming.try_send(told).is_ok())
                }
            },
        }
    }
}

impl Questions {
    /// Adds a question; a search that still waits is replaced by a newer one, for its answer would be old.
    fn push(&self, ticket: Ticket, query: Query) -> isize {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let before = waiting.len();
        if matches!(query, Query::Find(_)) {
            waiting.retain(|(_, query)| !matches!(query, Query::Find(_)));
        }
        let replaced = before - waiting.len();
        let dropped = usize::from(waiting.len() >= QUESTIONS_MAX && waiting.pop_front().is_some());
        waiting.push_back((ticket, query));
        self.is_asked.notify_one();
        1 - isize::try_from(replaced + dropped).unwrap_or_default()
    }

    /// The oldest question, once there is one.
    fn take(&self) -> (Ticket, Query) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(question) = waiting.pop_front() {
                return question;
            }
            waiting = self.is_asked.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

fn execute(
    desk: &dyn Desk,
    entropy: &dyn Entropy,
    commands: &Receiver<(Ticket, Command)>,
    incoming: &SyncSender<Incoming>,
) {
    while let Ok((ticket, command)) = commands.recv() {
        let id = u128::from_le_bytes(entropy.draw());
        let receipt = desk.execute(Request { id, command });
        if incoming.send(Incoming::Told(Msg::Executed(ticket, Box::new(receipt)))).is_err() {
            return;
        }
    }
}

fn answer(desk: &dyn Desk, questions: &Questions, incoming: &SyncSender<Incoming>) {
    loop {
        let (ticket, query) = questions.take();
        let answer = desk.query(query);
        if incoming.send(Incoming::Told(Msg::Answered(ticket, Box::new(answer)))).is_err() {
            return;
        }
    }
}

/// Starts a thread that says so where it dies, for a screen that waits for it would wait for ever.
pub(super) fn spawn(
    name: &str,
    incoming: &SyncSender<Incoming>,
    run: impl FnOnce() + Send + 'static,
) -> io::Result<()> {
    let guard = Guard { name: name.to_owned(), incoming: incoming.clone() };
    thread::Builder::new().name(name.to_owned()).spawn(move || {
        let _guard = guard;
        run();
    })?;
    Ok(())
}

struct Guard {
    name: String,
    incoming: SyncSender<Incoming>,
}

impl Drop for Guard {
    fn drop(&mut self) {
        if thread::panicking() {
            let _ = self.incoming.send(Incoming::Failed(format!("the thread {} died", self.name)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::{Ask as _, AskFind, AskWho};

    #[test]
    fn a_search_that_waits_is_replaced_and_nothing_else_is() {
        let questions = Questions::default();
        let find = |text: &str| AskFind { text: text.to_owned(), limit: 8 }.into_query();
        assert_eq!(questions.push(Ticket(1), find("m")), 1);
        assert_eq!(questions.push(Ticket(2), AskWho {}.into_query()), 1);
        assert_eq!(questions.push(Ticket(3), find("mo")), 0);
        assert_eq!(questions.take().0, Ticket(2));
        assert_eq!(questions.take(), (Ticket(3), find("mo")));
    }
}
