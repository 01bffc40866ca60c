//! Numbers as files write them: exact decimals, never a binary float.

use fettle_domain::Decimal;

use super::mapping::FileForm;

/// A text that is no number in the form of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadNumber {
    /// Not a number with these signs.
    #[error("not a number")]
    NotANumber,
    /// A thousands sign stands where none belongs.
    #[error("not a number: its thousands are not in threes")]
    Thousands,
    /// More decimals than the currency has.
    #[error("finer than the currency's smallest coin")]
    TooFine,
}

/// Reads a number; nothing of it is rounded.
pub(super) fn number(text: &str, form: &FileForm) -> Result<Decimal, BadNumber> {
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text),
    };
    let (whole, decimals) = unsigned
        .split_once(form.decimal_sign)
        .unwrap_or((unsigned, ""));
    let whole = match form.thousands_sign {
        Some(sign) if whole.contains(sign) => in_threes(whole, sign)?,
        Some(_) | None => whole.to_owned(),
    };
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !all_digits(&whole) || !all_digits(decimals) {
        return Err(BadNumber::NotANumber);
    }
    let decimals = decimals.trim_end_matches('0');
    let point = if decimals.is_empty() { "" } else { "." };
    format!("{sign}{whole}{point}{decimals}")
        .parse()
        .map_err(|_| BadNumber::NotANumber)
}

fn in_threes(whole: &str, sign: char) -> Result<String, BadNumber> {
    let mut groups = whole.split(sign);
    let first = groups.next().unwrap_or_default();
    let holds = (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3);
    if holds {
        Ok(whole.replace(sign, ""))
    } else {
        Err(BadNumber::Thousands)
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

/// Minor units of a currency as people read them, such as `17,506,162.76`.
pub(super) fn amount(minor: i64, digits: u32) -> String {
    let unit = 10_u64.pow(digits);
    let size = minor.unsigned_abs();
    let sign = if minor < 0 { "-" } else { "" };
    let whole = grouped(size / unit);
    if digits == 0 {
        return format!("{sign}{whole}");
    }
    let width = usize::try_from(digits).unwrap_or_default();
    format!("{sign}{whole}.{:0width$}", size % unit)
}
