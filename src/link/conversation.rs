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
use super::turn::{Heard, Stop, Turn};
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
    let deadline = Instant::now() + HELLO;
    let hello: Hello = inbox.receive(stream, TO_DESK_BYTES_MAX, deadline)?;
    let seated = match reception(&Caller { peer: guest.peer, account: hello.account }) {
        Ok(seated) => seated,
        Err(refused) => return send(stream, &Welcome::Refused(refused), FROM_DESK_BYTES_MAX),
    };
    guest.is(seated.account.clone(), hello.build);
    // Whoever is welcomed has all that a conversation takes.
    let turn = Arc::new(Turn::new()?);
    let has_heirs = hall.options.has_heirs;
    send(stream, &Welcome::Open { build: build(), has_heirs }, FROM_DESK_BYTES_MAX)?;
    let (hall, guest) = (Arc::clone(hall), Arc::clone(guest));
    let talk = Arc::new(Talk { hall, guest, seated, turn });
    let ended = match listen(&talk, inbox) {
        Err(LinkError::Ended) => Ok(()),
        ended => ended,
    };
    // What was heard before the end is carried out, and answered as far as there is still somebody to hear it.
    settle(&talk).and(ended)
}

/// A conversation that has begun: its own thread listens, and one of the crew carries out what it hears.
struct Talk {
    hall: Arc<Hall>,
    guest: Arc<Guest>,
    seated: Seated,
    turn: Arc<Turn>,
}

/// Hears frames and has them carried out, until the other side ends the conversation. While something is carried out it hears
/// one lot more, and that one waits.
fn listen(talk: &Arc<Talk>, mut inbox: Inbox) -> Result<(), LinkError> {
    let mut deadline = None;
    loop {
        while inbox.has_whole(TO_DESK_BYTES_MAX)? {
            let lot = inbox.take_whole(TO_DESK_BYTES_MAX);
            settle(talk)?;
            begin(talk, lot)?;
            deadline = None;
        }
        if !inbox.is_empty() {
            deadline.get_or_insert_with(|| Instant::now() + FRAME);
        }
        match talk.turn.listen(&talk.guest.stream, deadline)? {
            Heard::Bell => {
                if let Some(stop) = talk.turn.stopped() {
                    resume(talk, stop)?;
                }
                // What has begun to come was not read meanwhile.
                deadline = None;
            }
            Heard::Socket => {
                inbox.fill_now(&talk.guest.stream)?;
            }
        }
    }
}

/// Waits until all that was heard is carried out, and all answers are taken.
fn settle(talk: &Arc<Talk>) -> Result<(), LinkError> {
    while let Some(stop) = talk.turn.wait() {
        resume(talk, stop)?;
    }
    Ok(())
}

/// Goes on from where the crew had to stop. What the other side does not take at once is waited for here, in the session's own
/// thread, where nobody else waits as well.
fn resume(talk: &Arc<Talk>, stop: Stop) -> Result<(), LinkError> {
    let flushed = talk.guest.flush();
    stop.served.and(flushed)?;
    if stop.rest.is_empty() { Ok(()) } else { begin(talk, stop.rest) }
}

/// Has the crew carry out a lot of whole frames. Nothing else of this conversation is being carried out.
fn begin(talk: &Arc<Talk>, lot: Inbox) -> Result<(), LinkError> {
    talk.guest.asks();
    talk.turn.begin();
    if carry_on(talk, lot) {
        return Ok(());
    }
    talk.guest.is_answered();
    talk.turn.end(None);
    Err(LinkError::Ended)
}

/// Gives a lot to those who carry out what it begins with; whether somebody will do it.
fn carry_on(talk: &Arc<Talk>, lot: Inbox) -> bool {
    let may_wait = waits(lot.frame());
    let crew = if may_wait { &talk.hall.doers } else { &talk.hall.askers };
    let (there, then) = (Arc::clone(talk), Arc::clone(talk));
    crew.carry_out(move || serve_all(&there, lot, may_wait), move |served| go_on(then, served))
}

/// A lot, as far as it was carried out.
struct Served {
    /// What of it was not.
    rest: Inbox,
    /// Whether all answers are sent, or what went wrong.
    outcome: Result<bool, LinkError>,
}

/// Goes on behind what was carried out, in the crew's thread: with the rest of it where the answers are taken, else by ending the
/// turn. Nothing was served where it panicked.
fn go_on(talk: Arc<Talk>, served: Option<Served>) {
    let panicked = || Served { rest: Inbox::default(), outcome: Err(LinkError::Ended) };
    let Served { rest, outcome } = served.unwrap_or_else(panicked);
    if !rest.is_empty() && matches!(outcome, Ok(true)) {
        if !carry_on(&talk, rest) {
            go_on(talk, None);
        }
        return;
    }
    talk.guest.is_answered();
    let stop = match outcome {
        Ok(true) => None,
        Ok(false) => Some(Stop { rest, served: Ok(()) }),
        Err(error) => Some(Stop { rest: Inbox::default(), served: Err(error) }),
    };
    let _ending = Ending { turn: Arc::clone(&talk.turn), stop };
    // Whoever hears that it is over finds nothing of the conversation with the crew any more.
    drop(talk);
}

/// Ends the turn when it goes, by a panic too.
struct Ending {
    turn: Arc<Turn>,
    stop: Option<Stop>,
}

impl Drop for Ending {
    fn drop(&mut self) {
        self.turn.end(self.stop.take());
    }
}

/// Answers a lot, as far as the other side takes the answers; behind what waits for nothing, nothing that waits for the disk,
/// which others carry out. What was answered is sent, whatever became of the rest.
fn serve_all(talk: &Talk, mut lot: Inbox, may_wait: bool) -> Served {
    let served = serve_each(talk, &mut lot, may_wait);
    let sent = talk.guest.send_now();
    Served { rest: lot, outcome: served.and(sent) }
}

fn serve_each(talk: &Talk, lot: &mut Inbox, may_wait: bool) -> Result<(), LinkError> {
    while (may_wait || !waits(lot.frame()))
        && let Some(frame) = lot.next(TO_DESK_BYTES_MAX)?
    {
        talk.guest.is_served();
        serve(&talk.hall, &talk.guest, &talk.seated, frame)?;
        if talk.guest.has_much_to_send() {
            break;
        }
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
