//! The office: units, queues, caseworkers, and who may do what.

mod change;
mod permit;
mod staff;

pub use change::{NewCaseworker, NewQueue, NewUnit, OfficeEvent};
pub use permit::{Action, Decision, Resource, permit};
pub use staff::{
    Caseworker, CaseworkerState, Confidentiality, Grant, Office, OrderingId, Purpose, Queue,
    QueueKind, Role, Unit,
};
