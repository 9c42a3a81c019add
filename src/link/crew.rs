//! The threads that carry requests out. A session's own thread listens, and has one of these do what was asked: a thousand
//! sessions that work through one another then touch a few stacks, and what a few threads keep for their next allocation.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::Builder;

use super::limits::STACK_BYTES;

type Job = Box<dyn FnOnce() + Send>;

/// Threads that carry out what sessions ask, each thing by whoever is free. They are begun as they are needed.
pub(super) struct Crew(Arc<Shared>);

struct Shared {
    hands_max: usize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// What waits for somebody, in the order in which it came; at most one thing of each session.
    waiting: VecDeque<Job>,
    /// Who is free. Whoever was busy last is asked first: what they touched is still near.
    free: Vec<Arc<Hand>>,
    hands: usize,
    is_ending: bool,
}

/// One of the threads.
#[derive(Default)]
struct Hand {
    /// What to do next, once there is something.
    next: Mutex<Option<Order>>,
    is_called: Condvar,
}

enum Order {
    Do(Job),
    End,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing is done under these locks but putting in and taking out.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Crew {
    /// A crew of at most so many.
    pub(super) fn of(hands_max: usize) -> Self {
        Self(Arc::new(Shared { hands_max, state: Mutex::default() }))
    }

    /// Has somebody do this, who then says what came of it: nothing, where it panicked. Whether somebody will: not where no
    /// thread could be begun.
    pub(super) fn carry_out<T>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
        then: impl FnOnce(Option<T>) + Send + 'static,
    ) -> bool {
        self.give(Box::new(move || then(catch_unwind(AssertUnwindSafe(work)).ok())))
    }

    /// Gives a job to whoever is free; whether somebody will do it.
    fn give(&self, job: Job) -> bool {
        let mut state = lock(&self.0.state);
        if let Some(hand) = state.free.pop() {
            drop(state);
            hand.call(Order::Do(job));
            return true;
        }
        if state.hands < self.0.hands_max {
            let shared = Arc::clone(&self.0);
            let hand = Builder::new().name("desk".to_owned()).stack_size(STACK_BYTES);
            // Those who are there do it in their turn where nobody more can be had.
            state.hands += usize::from(hand.spawn(move || shared.work()).is_ok());
        }
        let is_done_by_somebody = state.hands > 0;
        if is_done_by_somebody {
            state.waiting.push_back(job);
        }
        is_done_by_somebody
    }
}

impl Shared {
    /// Does what waits, and then what it is called for, until the end.
    fn work(&self) {
        let hand = Arc::new(Hand::default());
        while let Some(job) = self.next(&hand) {
            // Saying what came of it may panic as well; that costs nobody a thread.
            let _done = catch_unwind(AssertUnwindSafe(job));
        }
    }

    /// What is next for somebody who is free now; nothing at the end.
    fn next(&self, hand: &Arc<Hand>) -> Option<Job> {
        let mut state = lock(&self.state);
        if let Some(job) = state.waiting.pop_front() {
            return Some(job);
        }
        if state.is_ending {
            return None;
        }
        state.free.push(Arc::clone(hand));
        drop(state);
        let called = hand.is_called.wait_while(lock(&hand.next), |next| next.is_none());
        match called.unwrap_or_else(PoisonError::into_inner).take()? {
            Order::Do(job) => Some(job),
            Order::End => None,
        }
    }
}

impl Hand {
    fn call(&self, order: Order) {
        *lock(&self.next) = Some(order);
        self.is_called.notify_one();
    }
}

impl Drop for Crew {
    fn drop(&mut self) {
        let mut state = lock(&self.0.state);
        state.is_ending = true;
        let free = std::mem::take(&mut state.free);
        drop(state);
        for hand in free {
            hand.call(Order::End);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;
    use std::sync::mpsc::{Receiver, channel};

    use super::*;

    const HANDS: usize = 4;

    /// Where the outcome comes of what a crew carries out.
    fn begun<T: Send + 'static>(
        crew: &Crew,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Receiver<Option<T>> {
        let (said, heard) = channel();
        assert!(crew.carry_out(work, move |outcome| said.send(outcome).unwrap()));
        heard
    }

    #[test]
    fn a_request_that_panics_costs_nobody_else_anything() {
        let crew = Crew::of(HANDS);
        assert_eq!(begun(&crew, || 1).recv(), Ok(Some(1)));
        let nothing: Option<()> = begun(&crew, || panic!("of a request")).recv().unwrap();
        assert_eq!(nothing, None);
        assert_eq!(begun(&crew, || 2).recv(), Ok(Some(2)));
    }

    #[test]
    fn whatever_comes_while_all_are_busy_is_done_in_its_turn() {
        let crew = Crew::of(HANDS);
        let (all_busy, last) =
            (Arc::new(Barrier::new(HANDS + 1)), Arc::new(Barrier::new(HANDS + 1)));
        let busy = || {
            let (all_busy, last) = (Arc::clone(&all_busy), Arc::clone(&last));
            begun(&crew, move || {
                all_busy.wait();
                last.wait();
            })
        };
        let sessions: Vec<_> = (0..HANDS).map(|_| busy()).collect();
        all_busy.wait();
        let late = begun(&crew, || "done");
        last.wait();
        assert_eq!(late.recv(), Ok(Some("done")));
        assert!(sessions.into_iter().all(|session| session.recv().unwrap().is_some()));
        assert_eq!(lock(&crew.0.state).hands, HANDS);
    }
}
