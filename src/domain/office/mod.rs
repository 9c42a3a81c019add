//! The office: units, queues, caseworkers, and who may do what.

mod change;
mod cover;
mod emergency;
mod granting;
mod permit;
mod purpose_register;
mod rights;
mod staff;
mod standing;
mod unit_profile;

pub use change::{NewCaseworker, NewQueue, NewUnit, OfficeEvent};
pub use cover::{
    Cover, DAY_MINUTES, SHIFTS_MAX, SITES_MAX, UNIT_LEVELS_MAX, WEEKDAYS, WallTime, hours_words,
};
pub use emergency::{AccessReview, Behind, EmergencyAccess, EmergencyEvent, apply_emergency};
pub use granting::{RIGHT_TYPES_MAX, RIGHTS_MAX};
pub use permit::{Action, Decision, Resource};
pub use purpose_register::{
    PURPOSE_LANGUAGES_MAX, PURPOSES_IN_FORCE_MAX, PURPOSES_MAX, PurposeEvent, PurposeRegister,
    RegisteredPurpose, apply_purpose,
};
pub use rights::{GroupRights, Rights, RightsEvent, ScopedGrant, apply_group, apply_rights};
pub use staff::{
    Caseworker, CaseworkerState, Confidentiality, Grant, Office, OrderingId, Purpose, Queue,
    QueueKind, Role, Unit,
};
pub use standing::{Held, LASTING_LEVEL_MAX, Source, Standing, UNNAMED_LEVEL_MAX};
pub use unit_profile::{Shift, Site, UnitProfile, UnitProfileEvent, apply_unit_profile};
