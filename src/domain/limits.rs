//! The largest of everything that casework stores: one place, named, in bytes or pieces.

/// Bytes of a note, a reply or what the citizen says.
pub const TEXT_BYTES_MAX: usize = 4_000;
/// Bytes of a line: a name, a summary, an address, a reason.
pub const LINE_BYTES_MAX: usize = 300;
/// Bytes of a code: a subject, a source, an account.
pub const CODE_BYTES_MAX: usize = 64;
/// Names of one person.
pub const NAMES_MAX: usize = 12;
/// Contact points of one person.
pub const CONTACT_POINTS_MAX: usize = 24;
/// Identity numbers of one person.
pub const IDENTITIES_MAX: usize = 12;
/// Notes on one person's file.
pub const PERSON_NOTES_MAX: usize = 20;
/// Relationships stated on one person.
pub const RELATIONSHIPS_MAX: usize = 40;
/// Bytes of all facts with which a person is registered, their sources included.
pub const REGISTRATION_BYTES_MAX: usize = 8_000;
/// People or cases that a form showed before something new was registered.
pub const SHOWN_MAX: usize = 24;
/// Members of one household, past ones included.
pub const HOUSEHOLD_MEMBERS_MAX: usize = 40;
/// Tasks of one case.
pub const TASKS_MAX: usize = 24;
/// Escalations of one case, ended ones included.
pub const ESCALATIONS_MAX: usize = 24;
/// Messages of one case.
pub const MESSAGES_MAX: usize = 100;
/// Subjects of one case.
pub const SUBJECTS_MAX: usize = 8;
/// Roles on one case.
pub const ROLES_MAX: usize = 12;
/// The longest hold, in days; a hold returns to its queue by itself before that.
pub const HOLD_DAYS_MAX: i32 = 180;
/// Cases or records that are merged into one, through others too.
pub const MERGES_MAX: usize = 24;
/// Hours for which an act can be undone.
pub const UNDO_HOURS: i64 = 24;
/// Minutes that a reply may wait before it is handed over: a day.
pub const RECALL_MINUTES_MAX: u32 = 24 * 60;
/// Acts of one caseworker that can be undone.
pub const UNDO_ACTS_MAX: usize = 50;
/// Cases that one act on many takes.
pub const EACH_CASES_MAX: usize = 400;
/// Acts on each of many cases.
pub const EACH_ACTS_MAX: usize = 4;
/// Attempts to keep one promise that are logged.
pub const PROMISE_ATTEMPTS_MAX: usize = 100;
/// How far ahead something can be promised, in days.
pub const PROMISE_DAYS_MAX: i64 = 366;
/// Cases that one contact touches.
pub const CONTACT_CASES_MAX: usize = 24;
/// Hours after which a contact that still runs was forgotten rather than long.
pub const CONTACT_HOURS_MAX: i64 = 12;

/// Minutes for which an emergency access opens a file.
pub const EMERGENCY_MINUTES: i64 = 60;
/// Letters of the reason of an emergency access, at the least.
pub const EMERGENCY_REASON_MIN: usize = 12;
/// Emergency accesses of one caseworker that may be open at once.
pub const EMERGENCIES_MAX: usize = 5;
