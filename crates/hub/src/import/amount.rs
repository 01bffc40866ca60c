//! Amounts of money as files state them: whole minor units, never a binary float.

use std::fmt;

/// An amount in minor units of the mapping's currency, such as cents; negative gives back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Amount {
    minor: i64,
    digits: u8,
}

/// A text that is no amount of the currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadAmount {
    /// Not a number with this decimal sign.
    #[error("not a number")]
    NotANumber,
    /// More decimals than the currency has.
    #[error("more decimals than the currency has")]
    TooFine,
    /// Outside what an amount can hold.
    #[error("too large")]
    TooLarge,
}

impl Amount {
    /// Nothing, in a currency with so many decimals.
    #[must_use]
    pub fn zero(digits: u8) -> Self {
        Self { minor: 0, digits }
    }

    /// Whole minor units.
    #[must_use]
    pub fn minor(self) -> i64 {
        self.minor
    }

    /// Reads an amount with the decimal sign of the file; `digits` is what the currency has.
    ///
    /// # Errors
    /// [`BadAmount`]; an amount is never rounded.
    pub fn read(text: &str, decimal_sign: char, digits: u8) -> Result<Self, BadAmount> {
        let (is_negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, decimals) = unsigned.split_once(decimal_sign).unwrap_or((unsigned, ""));
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !all_digits(whole) || !all_digits(decimals) {
            return Err(BadAmount::NotANumber);
        }
        let decimals = decimals.trim_end_matches('0');
        if decimals.len() > usize::from(digits) {
            return Err(BadAmount::TooFine);
        }
        let text = format!("{whole}{decimals:0<width$}", width = usize::from(digits));
        let minor: i64 = text.parse().map_err(|_| BadAmount::TooLarge)?;
        Ok(Self {
            minor: if is_negative { -minor } else { minor },
            digits,
        })
    }

    /// The sum; stays at the largest amount where it would pass it.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            minor: self.minor.saturating_add(other.minor),
            digits: self.digits,
        }
    }

    /// True below zero.
    #[must_use]
    pub fn is_negative(self) -> bool {
        self.minor < 0
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = 10_u64.pow(u32::from(self.digits));
        let size = self.minor.unsigned_abs();
        if self.minor < 0 {
            f.write_str("-")?;
        }
        f.write_str(&grouped(size / unit))?;
        if self.digits > 0 {
            write!(
                f,
                ".{:0width$}",
                size % unit,
                width = usize::from(self.digits)
            )?;
        }
        Ok(())
    }
}

/// A whole number with a comma before each three digits.
pub(super) fn grouped(number: u64) -> String {
    let plain = number.to_string();
    let mut text = String::with_capacity(plain.len() + plain.len() / 3);
    for (index, digit) in plain.chars().enumerate() {
        if index > 0 && (plain.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
