//! Services and money: what a citizen or household received. Amounts are integer minor units with a currency.

use serde::{Deserialize, Serialize};

use super::ids::{CaseId, HouseholdId, PersonId, ServiceId, UnitId};
use super::time::Day;

/// An amount of money in minor units (cents, øre, dinars).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    /// Minor units.
    pub minor: i64,
    /// ISO 4217 code.
    pub currency: String,
}

/// A service that was delivered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// The number.
    pub id: ServiceId,
    /// Counts the events applied.
    pub version: u64,
    /// What it was, when, to whom.
    pub delivered: DeliveredService,
    /// Whether it was recorded by mistake and taken back.
    pub is_reversed: bool,
}

/// A service as it is recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveredService {
    /// Its name, as `rent subsidy`.
    pub service: String,
    /// Who received it.
    pub recipient: PersonId,
    /// For which household, if for one.
    pub household: Option<HouseholdId>,
    /// How much money, if money.
    pub amount: Option<Money>,
    /// How many, if pieces or hours.
    pub quantity: Option<u32>,
    /// When.
    pub on: Day,
    /// By which unit.
    pub unit: UnitId,
    /// Under which case.
    pub case: Option<CaseId>,
}
