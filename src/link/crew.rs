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

/// Where the outcome of a job is awaited.
struct Outcome<T> {
    /// Nothing until the job is over; an error where it panicked.
    reached: Mutex<Option<Result<T, Panicked>>>,
    is_over: Condvar,
}

struct Panicked;

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing is done under these locks but putting in and taking out.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits until something is there, and takes it.
fn taken<T>(slot: &Mutex<Option<T>>, is_there: &Condvar) -> Option<T> {
    let waited = is_there.wait_while(lock(slot), |slot| slot.is_none());
    waited.unwrap_or_else(PoisonError::into_inner).take()
}

impl Crew {
    /// A crew of at most so many.
    pub(super) fn of(hands_max: usize) -> Self {
        Self(Arc::new(Shared { hands_max, state: Mutex::default() }))
    }

    /// Has somebody do this, and waits until it is done. Nothing comes of it where it panicked, or where no thread could be
    /// begun.
    pub(super) fn carry_out<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let outcome = Arc::new(Outcome { reached: Mutex::new(None), is_over: Condvar::new() });
        let told = Arc::clone(&outcome);
        let job = move || {
            let reached = catch_unwind(AssertUnwindSafe(work)).map_err(|_panic| Panicked);
            *lock(&told.reached) = Some(reached);
            told.is_over.notify_one();
        };
        if !self.give(Box::new(job)) {
            return None;
        }
        taken(&outcome.reached, &outcome.is_over)?.ok()
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
            job();
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
        match taken(&hand.next, &hand.is_called)? {
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

    use super::*;

    const HANDS: usize = 4;

    #[test]
    fn a_request_that_panics_costs_nobody_else_anything() {
        let crew = Crew::of(HANDS);
        assert_eq!(crew.carry_out(|| 1), Some(1));
        let nothing: Option<()> = crew.carry_out(|| panic!("of a request"));
        assert_eq!(nothing, None);
        assert_eq!(crew.carry_out(|| 2), Some(2));
    }

    #[test]
    fn whatever_comes_while_all_are_busy_is_done_in_its_turn() {
        let crew = Arc::new(Crew::of(HANDS));
        let (all_busy, last) =
            (Arc::new(Barrier::new(HANDS + 1)), Arc::new(Barrier::new(HANDS + 1)));
        let busy = || {
            let (crew, all_busy, last) =
                (Arc::clone(&crew), Arc::clone(&all_busy), Arc::clone(&last));
            std::thread::spawn(move || {
                crew.carry_out(move || {
                    all_busy.wait();
                    last.wait();
                })
            })
        };
        let sessions: Vec<_> = (0..HANDS).map(|_| busy()).collect();
        all_busy.wait();
        let late = Arc::clone(&crew);
        let late = std::thread::spawn(move || late.carry_out(|| "done"));
        last.wait();
        assert_eq!(late.join().unwrap(), Some("done"));
        assert!(sessions.into_iter().all(|session| session.join().unwrap() == Some(())));
        assert_eq!(lock(&crew.0.state).hands, HANDS);
    }
}
