//! One conversation, from the server's side: greets, signs in, and answers frame by frame.

use std::cell::Cell;
use std::sync::Arc;
use std::time::Instant;

use super::LinkError;
use super::frame::{Inbox, send};
use super::guest::Guest;
use super::hall::Hall;
use super::limits::{FRAME, FROM_DESK_BYTES_MAX, HELLO, LEFT_LOOK, TO_DESK_BYTES_MAX};
use super::peer::Peer;
use super::wire::{FromDesk, Hello, ToDesk, Welcome, build, greet, waits};
use crate::desk::{Answer, Change, Desk, DeskError, Receipt};

/// Who wants to sit down at a desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Who they are to the system. It alone says whom they are at an office's daemon.
    pub peer: Peer,
    /// The account as which they want to act, where they name one. It is a wish of the caller's, and no proof of anything.
    pub account: Option<String>,
}

/// Somebody who is signed in.
pub struct Seated {
    /// Their door.
    pub desk: Arc<dyn Desk>,
    /// As whom.
    pub account: String,
    /// Whether they may know who else is there.
    pub sees_sessions: bool,
}

/// Opens the door for a session, or says why not.
pub type Reception = Arc<dyn Fn(&Caller) -> Result<Seated, DeskError> + Send + Sync>;

/// Holds one conversation, until either side ends it.
///
/// # Errors
/// What ended it, if that was not the other side's good-bye.
pub(super) fn converse(
    hall: &Arc<Hall>,
    guest: &Arc<Guest>,
    reception: &Reception,
) -> Result<(), LinkError> {
    let stream = &guest.stream;
    let mut inbox = Inbox::default();
    greet(stream, &mut inbox)?;
    let deadline = Some(Instant::now() + HELLO);
    let hello: Hello = inbox.receive(stream, TO_DESK_BYTES_MAX, deadline)?;
    let seated = match reception(&Caller { peer: guest.peer, account: hello.account }) {
        Ok(seated) => seated,
        Err(refused) => return send(stream, &Welcome::Refused(refused), FROM_DESK_BYTES_MAX),
    };
    guest.is(seated.account.clone(), hello.build);
    send(stream, &Welcome::Open { build: build() }, FROM_DESK_BYTES_MAX)?;
    let seated = Arc::new(seated);
    loop {
        while inbox.has_whole(TO_DESK_BYTES_MAX)? {
            let may_wait = waits(inbox.frame());
            let crew = if may_wait { &hall.doers } else { &hall.askers };
            let (hall_there, guest_there) = (Arc::clone(hall), Arc::clone(guest));
            let seated = Arc::clone(&seated);
            let work = move || {
                let served = serve_all(&hall_there, &guest_there, &seated, (&mut inbox, may_wait));
                (inbox, served)
            };
            guest.asks();
            let served;
            (inbox, served) = crew.carry_out(work).ok_or(LinkError::Ended)?;
            guest.is_answered();
            // What the other side does not take at once is waited for here, where nobody else waits as well.
            let flushed = guest.flush();
            served.and(flushed)?;
        }
        let deadline = inbox.has_begun().then(|| Instant::now() + FRAME);
        match rest_of_frame(&mut inbox, guest, deadline) {
            Ok(()) => {}
            Err(LinkError::Ended) => return Ok(()),
            Err(error) => return Err(error),
        }
    }
}

/// Answers what has come, as far as the other side takes the answers; behind what waits for nothing, nothing that waits for the
/// disk, which others carry out. What was answered is sent, whatever became of the rest.
fn serve_all(
    hall: &Hall,
    guest: &Guest,
    seated: &Seated,
    (inbox, may_wait): (&mut Inbox, bool),
) -> Result<(), LinkError> {
    let served = serve_each(hall, guest, seated, (inbox, may_wait));
    let sent = guest.send_now();
    served.and(sent)
}

fn serve_each(
    hall: &Hall,
    guest: &Guest,
    seated: &Seated,
    (inbox, may_wait): (&mut Inbox, bool),
) -> Result<(), LinkError> {
    while (may_wait || !waits(inbox.frame()))
        && let Some(frame) = inbox.next(TO_DESK_BYTES_MAX)?
    {
        guest.is_served();
        serve(hall, guest, seated, frame)?;
        if guest.has_much_to_send() {
            break;
        }
    }
    Ok(())
}

/// Waits for a frame to begin as long as it takes; for the rest of one that has begun, until the deadline.
fn rest_of_frame(
    inbox: &mut Inbox,
    guest: &Guest,
    deadline: Option<Instant>,
) -> Result<(), LinkError> {
    inbox.fill(&guest.stream, deadline)?;
    let deadline = deadline.unwrap_or_else(|| Instant::now() + FRAME);
    while !inbox.has_whole(TO_DESK_BYTES_MAX)? {
        inbox.fill(&guest.stream, Some(deadline))?;
    }
    Ok(())
}

fn serve(hall: &Hall, guest: &Guest, seated: &Seated, frame: ToDesk) -> Result<(), LinkError> {
    let desk = seated.desk.as_ref();
    match frame {
        ToDesk::Execute(request) => {
            let running = hall.meter.begin(true);
            let outcome = desk.execute(*request);
            drop(running);
            answer(guest, &FromDesk::Executed(outcome))
        }
        ToDesk::Query(query) => {
            let running = hall.meter.begin(false);
            let outcome = desk.query_unless(query, &has_left(guest));
            drop(running);
            answer(guest, &FromDesk::Answered(outcome))
        }
        ToDesk::Watch => {
            guest.watch(|| desk.watch());
            hall.has_watcher();
            // What changed while the call was on its way is not in the feed.
            answer(guest, &FromDesk::Changed(Change::Resync))
        }
        ToDesk::Status => {
            let status = hall.status(guest, seated.sees_sessions);
            answer(guest, &FromDesk::Status(Box::new(status)))
        }
    }
}

/// Whether whoever asked has hung up, for whoever wants to know it often: it is looked at every now and then.
fn has_left(guest: &Guest) -> impl Fn() -> bool {
    let next = Cell::new(Instant::now() + LEFT_LOOK);
    move || {
        let now = Instant::now();
        if now < next.get() {
            return false;
        }
        next.set(now + LEFT_LOOK);
        guest.has_left()
    }
}

/// Answers; what does not fit into a frame becomes an error that does, so that the session goes on.
fn answer(guest: &Guest, answer: &FromDesk) -> Result<(), LinkError> {
    match guest.answer(answer) {
        Err(LinkError::Codec(error)) => {
            let lost = DeskError::Lost(format!("its answer cannot be sent: {error}"));
            let short = match answer {
                FromDesk::Executed(_) => FromDesk::Executed(Err::<Receipt, _>(lost)),
                FromDesk::Answered(_)
                | FromDesk::Changed(_)
                | FromDesk::Status(_)
                | FromDesk::Working => FromDesk::Answered(Err::<Answer, _>(lost)),
            };
            guest.answer(&short)
        }
        sent => sent,
    }
}
