//! Quantities: a decimal and a unit code, never a binary float.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An exact decimal number; text in every format.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Decimal(pub rust_decimal::Decimal);

/// Longest text read as a number, in bytes.
pub const DECIMAL_TEXT_MAX: usize = 40;

impl Decimal {
    /// Zero.
    pub const ZERO: Self = Self(rust_decimal::Decimal::ZERO);

    /// Reads a number as people type it: `,` and `.` are decimal signs, spaces around it are ignored.
    ///
    /// # Errors
    /// [`BadDecimal`] when it is empty, too long, holds two decimal signs or anything but a number.
    pub fn from_typed(text: &str) -> Result<Self, BadDecimal> {
        let text = text.trim();
        if text.is_empty() || text.len() > DECIMAL_TEXT_MAX {
            return Err(BadDecimal);
        }
        rust_decimal::Decimal::from_str_exact(&text.replace(',', "."))
            .map(Self)
            .map_err(|_| BadDecimal)
    }

    /// True when greater than zero.
    #[must_use]
    pub fn is_positive(self) -> bool {
        self.0 > rust_decimal::Decimal::ZERO
    }
}

impl Decimal {
    /// A number of hundredths for two digits, of thousandths for three, and so on.
    #[must_use]
    pub fn of_parts(parts: i64, digits: u32) -> Self {
        Self(rust_decimal::Decimal::new(parts, digits))
    }

    /// Rounded to so many digits after the point, halves away from zero as business systems do.
    #[must_use]
    pub fn rounded(self, digits: u32) -> Self {
        let half = rust_decimal::RoundingStrategy::MidpointAwayFromZero;
        Self(self.0.round_dp_with_strategy(digits, half))
    }
}

/// A text that is no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a number")]
pub struct BadDecimal;

impl FromStr for Decimal {
    type Err = BadDecimal;

    fn from_str(text: &str) -> Result<Self, BadDecimal> {
        Self::from_typed(text)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl From<i64> for Decimal {
    fn from(value: i64) -> Self {
        Self(value.into())
    }
}

impl std::ops::Add for Decimal {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl std::ops::Sub for Decimal {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl std::iter::Sum for Decimal {
    fn sum<I: Iterator<Item = Self>>(values: I) -> Self {
        values.fold(Self::ZERO, |sum, value| sum + value)
    }
}

impl JsonSchema for Decimal {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Decimal".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^-?[0-9]+(\\.[0-9]+)?$" })
    }
}

/// A unit code of UN/ECE Recommendation 20, such as `C62` (piece), `KGM`, `MTR`, `MMT`.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(transparent)]
pub struct Unit(pub String);

impl Unit {
    /// Pieces.
    #[must_use]
    pub fn piece() -> Self {
        Self("C62".to_owned())
    }

    /// The symbol people read, such as `mm` for `MMT`; the code itself when there is no common one.
    #[must_use]
    pub fn symbol(&self) -> &str {
        match self.0.as_str() {
            "C62" | "EA" | "H87" => "pc",
            "KGM" => "kg",
            "MTR" => "m",
            "MMT" => "mm",
            "LTR" => "l",
            "BAR" => "bar",
            "CEL" => "°C",
            "NU" => "Nm",
            "AMP" => "A",
            "VLT" => "V",
            "C16" => "mm/s",
            "MIN" => "min",
            "HUR" => "h",
            "P1" => "%",
            other => other,
        }
    }
}

/// An amount of something with its unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Quantity {
    /// How much.
    pub value: Decimal,
    /// Of which unit.
    pub unit: Unit,
}

impl Quantity {
    /// A number of pieces.
    #[must_use]
    pub fn pieces(count: i64) -> Self {
        Self {
            value: count.into(),
            unit: Unit::piece(),
        }
    }
}
