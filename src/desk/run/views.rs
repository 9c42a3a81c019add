//! Saved views: a caseworker's own, outside the chain, and read by nobody else.

use crate::codec::encode_record;
use crate::desk::command::{SavedView, SavedViews};
use crate::desk::error::DeskError;
use crate::desk::keys;
use crate::desk::work::broken;
use crate::domain::Refusal;
use crate::domain::cases::filter::{Filter, FilterError, Sort};

use super::{Done, Run};

/// Views that a caseworker keeps: one a digit.
const VIEWS_MAX: usize = 9;
/// Bytes of a view's name, and of its list's.
const NAME_BYTES_MAX: usize = 40;

impl Run<'_> {
    pub(super) fn save_view(&mut self, view: &SavedView) -> Result<Done, DeskError> {
        let view = checked(view)?;
        let mut kept = self.views()?;
        let count = kept.views.len();
        if let Some(known) = kept.views.iter_mut().find(|known| known.name == view.name) {
            *known = view;
        } else if count < VIEWS_MAX {
            kept.views.push(view);
        } else {
            let what = format!("You have {VIEWS_MAX} views already: one for each digit.");
            return Err(Refusal::new("view.many", what, "Drop one first.").into());
        }
        self.put_views(&kept)
    }

    pub(super) fn drop_view(&mut self, name: &str) -> Result<Done, DeskError> {
        let mut kept = self.views()?;
        let before = kept.views.len();
        kept.views.retain(|view| view.name != name);
        if kept.views.len() == before {
            return Err(DeskError::NotFound(format!("the view {name}")));
        }
        self.put_views(&kept)
    }

    fn views(&mut self) -> Result<SavedViews, DeskError> {
        Ok(self.work.state_record(&keys::views_of(self.doer.actor))?.unwrap_or_default())
    }

    fn put_views(&mut self, kept: &SavedViews) -> Result<Done, DeskError> {
        let value = encode_record(kept).map_err(broken)?;
        self.work.put_state(keys::views_of(self.doer.actor), Some(value));
        Ok(Done::new(String::new()).leaves_nothing())
    }
}

/// The view in its normal form.
fn checked(view: &SavedView) -> Result<SavedView, DeskError> {
    let name = view.name.trim();
    if name.is_empty() || name.len() > NAME_BYTES_MAX || view.list.len() > NAME_BYTES_MAX {
        return Err(Refusal::new(
            "view.name",
            format!("A view has a name of up to {NAME_BYTES_MAX} bytes."),
            "Type a short name.",
        )
        .into());
    }
    let refused = |error: FilterError| {
        Refusal::new("view.limit", format!("The view cannot be kept: {error}."), "Set it right.")
    };
    Ok(SavedView {
        name: name.to_owned(),
        list: view.list.clone(),
        limit: view.limit.parse::<Filter>().map_err(refused)?.to_string(),
        sort: view.sort.parse::<Sort>().map_err(refused)?.to_string(),
    })
}
