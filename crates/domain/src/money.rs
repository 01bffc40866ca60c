//! Money: integer minor units of a currency, and prices as exact decimals with their price unit.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Decimal, Quantity};

/// An ISO 4217 currency, such as `EUR`.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
pub struct Currency(String);

/// Currencies without minor units, and with three digits of them; every other has two.
const NO_MINOR: [&str; 8] = ["CLP", "ISK", "JPY", "KRW", "PYG", "UGX", "VND", "XAF"];
const THREE_MINOR: [&str; 6] = ["BHD", "IQD", "JOD", "KWD", "OMR", "TND"];

impl Currency {
    /// Takes a code of three capital letters.
    ///
    /// # Errors
    /// [`BadCurrency`] when it is anything else.
    pub fn new(code: impl Into<String>) -> Result<Self, BadCurrency> {
        let code = code.into();
        if code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase()) {
            Ok(Self(code))
        } else {
            Err(BadCurrency(code.chars().take(80).collect()))
        }
    }

    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Decimal digits of its minor unit: two for euros and cents.
    #[must_use]
    pub fn minor_digits(&self) -> u32 {
        match self.as_str() {
            code if NO_MINOR.contains(&code) => 0,
            code if THREE_MINOR.contains(&code) => 3,
            _ => 2,
        }
    }
}

impl TryFrom<String> for Currency {
    type Error = BadCurrency;

    fn try_from(code: String) -> Result<Self, BadCurrency> {
        Self::new(code)
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.0
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text that names no currency.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} names no currency")]
pub struct BadCurrency(pub String);

/// An amount in minor units, such as cents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Money {
    /// How many minor units; negative for what was taken back.
    pub minor: i64,
    /// Of which currency.
    pub currency: Currency,
}

impl Money {
    /// The amount a decimal states exactly; `None` when it holds parts of a minor unit or is too large.
    #[must_use]
    pub fn from_decimal(amount: Decimal, currency: Currency) -> Option<Self> {
        let minor = amount
            .0
            .checked_mul(10_i64.pow(currency.minor_digits()).into())?;
        let is_whole = minor.fract().is_zero();
        let minor = i64::try_from(minor.trunc()).ok()?;
        is_whole.then_some(Self { minor, currency })
    }

    /// The amount in major units, such as euros.
    #[must_use]
    pub fn to_decimal(&self) -> Decimal {
        Decimal::of_parts(self.minor, self.currency.minor_digits())
    }
}

/// What a quantity of something costs, such as 12.40 EUR for 100 pieces.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UnitPrice {
    /// Amount in major units; exact, and finer than a minor unit where the price is.
    pub amount: Decimal,
    /// Currency.
    pub currency: Currency,
    /// The price unit: what the amount buys.
    pub per: Quantity,
}
