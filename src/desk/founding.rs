//! How an office begins: one unit with its queues, the built-in subjects, and the first caseworker.

use crate::domain::office::{
    Confidentiality, Grant, NewCaseworker, NewQueue, NewUnit, OrderingId, QueueKind, Role,
};
use crate::domain::time::OfficeHours;
use crate::domain::{CaseworkerId, EntityId, SubjectCode, UnitId};

use super::command::Command;
use super::error::DeskError;
use super::local::{Act, LocalDesk};

/// How an office begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Founding {
    /// The office's name.
    pub office: String,
    /// Its IANA zone.
    pub zone: String,
    /// ISO 4217 code of its money.
    pub currency: String,
    /// Whether `demo` makes it.
    pub is_made: bool,
    /// Code and name of the first unit.
    pub unit: (String, String),
    /// The first caseworker's account.
    pub account: String,
    /// The first caseworker's name.
    pub name: String,
    /// When it is founded.
    pub at: crate::domain::time::Instant,
}

/// The subjects that an office begins with: code, label, synonyms.
const SUBJECTS: [(&str, &str, &[&str]); 12] = [
    ("GEN-1", "general question", &["information", "opening hours"]),
    ("GEN-2", "complaint about treatment", &["rude", "discrimination", "waiting"]),
    ("GEN-3", "suggestion", &["idea", "improvement"]),
    ("HOU-1", "housing", &["rent", "flat", "damp", "repair"]),
    ("SOC-1", "social support", &["benefit", "allowance", "income"]),
    ("EDU-1", "school and education", &["school", "transport", "pupil"]),
    ("TAX-1", "taxes and fees", &["tax", "fee", "bill"]),
    ("STR-1", "streets and lighting", &["pothole", "lamp", "pavement"]),
    ("WST-1", "waste and cleaning", &["garbage", "rubbish", "bin"]),
    ("PRM-1", "permits", &["licence", "building", "event"]),
    ("CIV-1", "civil registry", &["birth", "marriage", "certificate", "passport"]),
    ("NOI-1", "noise and nuisance", &["noise", "neighbour"]),
];

impl LocalDesk {
    /// Makes the office: a unit with its queues, the office's queue for what no rule can place, the built-in subjects, and
    /// the first caseworker, who holds the grants of clerk, screener, reviewer, caseworker and manager and leads the unit.
    ///
    /// # Errors
    /// The zone is unknown, or the store cannot write.
    pub fn found(&self, founding: &Founding) -> Result<CaseworkerId, DeskError> {
        let calendar = OfficeHours::weekdays(&founding.zone);
        let (code, name) = &founding.unit;
        let first = CaseworkerId(1);
        let unit = UnitId(1);
        let queue = |kind, suffix: &str, label: &str| {
            Command::OpenQueue(NewQueue {
                code: format!("{code}/{suffix}"),
                name: label.to_owned(),
                unit,
                kind,
                ordering: OrderingId::DueFirst,
            })
        };
        let roles = [Role::Clerk, Role::Screener, Role::Reviewer, Role::Caseworker, Role::Manager];
        let grants = roles.map(|role| Grant {
            role,
            unit: None,
            confidentiality_max: Confidentiality::Confidential,
            expires: None,
        });
        let mut commands = vec![
            Command::SetOffice {
                name: founding.office.clone(),
                calendar,
                currency: founding.currency.clone(),
                is_made: founding.is_made,
            },
            Command::OpenUnit(NewUnit { code: code.clone(), name: name.clone(), parent: None }),
            queue(QueueKind::Screening, "screening", "Screening"),
            queue(QueueKind::Inbox, "inbox", "Inbox"),
            queue(QueueKind::Unrouted, "unrouted", "Unrouted"),
        ];
        for (code, label, synonyms) in SUBJECTS {
            commands.push(Command::DefineSubject {
                code: SubjectCode(code.into()),
                label: label.to_owned(),
                synonyms: synonyms.iter().map(|word| (*word).to_owned()).collect(),
                parent: None,
            });
        }
        commands.push(Command::Enrol(NewCaseworker {
            account: founding.account.clone(),
            name: founding.name.clone(),
            unit,
            grants: grants.to_vec(),
        }));
        commands.push(Command::LeadUnit { unit, manager: Some(first), substitute: None });
        let acts = commands
            .into_iter()
            .map(|command| Act { actor: first, at: founding.at, command })
            .collect();
        let mut enrolled = None;
        for result in self.execute_all(acts)? {
            let receipt = result?;
            if let Some(EntityId::Caseworker(id)) = receipt.created.first() {
                enrolled = Some(*id);
            }
        }
        enrolled
            .ok_or_else(|| DeskError::Broken("the first caseworker was not enrolled".to_owned()))
    }
}
