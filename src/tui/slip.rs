//! The receipt of a case: prints it, shows it over the screen, and says by which key whoever registered one gets it.

use crate::desk::{Command, DeskError, Receipt};
use crate::domain::CaseId;
use crate::keymap::{self, Action};

use super::help::Pages;
use super::model::{Errand, Model, Overlay};
use super::screen::{Effect, Shared, Status};
use super::shell::{refuse, run};
use super::status;

/// Prints the receipt of the case that is open or under the cursor.
pub(super) fn print(model: &mut Model, effects: &mut Vec<Effect>) {
    let (case, _) = model.history.current().screen.subject();
    match case {
        Some(case) => run(model, Errand::Slip(case), Command::PrintSlip { case }, effects),
        None => refuse(model, "There is no case here to print a receipt of.".to_owned()),
    }
}

/// Shows the receipt that was printed. Nothing of it stays when it is left: its PIN is nowhere else.
pub(super) fn show(model: &mut Model, case: CaseId, printed: &Result<Receipt, DeskError>) {
    let Ok(Receipt { text: Some(slip), .. }) = printed else { return };
    let lines = slip.lines().map(str::to_owned).collect();
    model.overlay = Overlay::Pages(Pages::new(format!("RECEIPT  {case}"), lines));
}

/// What a receipt of a registration says, with the key that shows the citizen's receipt; nothing where no key does.
pub(super) fn of_registration(receipt: &Receipt, shared: &Shared) -> Option<Status> {
    let key = status::key_of(shared, keymap::Context::Case, Action::PrintSlip)?;
    let Status::Done(words) = status::of_receipt(receipt, shared)? else { return None };
    Some(Status::Done(format!("{words}   {key} shows the receipt with PIN")))
}
