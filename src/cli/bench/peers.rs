//! `casedesk bench peers`.

use clap::Args;
use serde::Serialize;

use super::badly::{Endured, endure};
use super::decoding::{Decoded, decode};
use super::machine::raise_open_files;
use super::pouring::{Poured, pour};
use super::room::{Room, staff};
use super::seats::Daemon;
use crate::cli::Context;
use crate::cli::error::CliError;
use crate::cli::long::progress_bar;

/// Places at the daemon for those who behave well, and for callers that are just leaving.
const OTHERS: usize = 64;

/// Tries out whether a daemon holds out against peers that keep to no protocol: starts one of its own on a small made office.
///
/// First hostile frames go through the decoder of this process, as a desk and as a caller reads them: random bytes, valid
/// frames that were truncated, flipped in a few bits, spliced, given a length that lies, or begun as another protocol begins.
/// Then such frames go to the daemon, each in a conversation of its own, while somebody honest asks on. Then many peers at
/// once say nothing, say a byte a second, or ask for pages and never read them, and the honest one's times alone and beside
/// them are printed.
///
/// It ends with 1 where anything panicked, where this process or the daemon grew by more than 64 MB over hostile frames, where
/// a peer was not hung up on in time, or where the honest one had no answer.
///
///   casedesk bench peers
///   casedesk bench peers --frames 20000 --sent 2000 --bad 60 --json
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct BenchPeers {
    /// Hostile frames into the decoder
    #[arg(long, default_value_t = 10_000_000)]
    frames: u64,
    /// Hostile frames over the socket
    #[arg(long, default_value_t = 1_000_000)]
    sent: u64,
    /// Peers that keep the daemon waiting, a third of them in each manner
    #[arg(long, default_value_t = 900, value_parser = clap::value_parser!(u16).range(1..=10_000))]
    bad: u16,
    /// People of the made office
    #[arg(long, default_value_t = 200)]
    people: u32,
    /// Cases of the made office
    #[arg(long, default_value_t = 400)]
    cases: u32,
}

#[derive(Debug, Serialize)]
struct Figures {
    ok: bool,
    decoded: Decoded,
    sent: Poured,
    bad: Endured,
}

impl BenchPeers {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        let peers = usize::from(self.bad);
        let places = peers + OTHERS;
        raise_open_files(places)?;
        let room = Room::of(context, self.people, self.cases)?;
        let accounts = staff(context, room.path(), 2)?;
        let [bad, honest] = accounts.as_slice() else {
            return Err(CliError::refused("bench.nobody", "Nobody works at this office.", ""));
        };
        let daemon = Daemon::start(room.path(), places)?;
        let bar = progress_bar(context.output).with_message("hostile frames decoded");
        let decoded = decode(&daemon.place(), bad, self.frames, &bar)?;
        bar.set_message("hostile frames sent");
        let sent = pour(&daemon, (bad, honest), self.sent, &bar)?;
        bar.set_message("peers hung up on");
        let bad = endure(&daemon, (bad, honest), peers, &bar)?;
        bar.finish_and_clear();
        let ok = decoded.holds() && sent.holds() && bad.holds();
        let figures = Figures { ok, decoded, sent, bad };
        context.output.show(&figures, |figures| {
            [figures.decoded.lines(), figures.sent.lines(), figures.bad.lines()].concat()
        })?;
        if ok { Ok(()) } else { Err(CliError::Found) }
    }
}
